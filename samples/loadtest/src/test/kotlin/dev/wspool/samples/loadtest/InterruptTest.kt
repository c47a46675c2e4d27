package dev.wspool.samples.loadtest

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import sun.misc.Signal
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@Timeout(60)
class InterruptTest {
    @TempDir
    lateinit var directory: File

    @Test
    fun signalReportsWhatWasMeasuredSoFar() {
        val json = File(directory, "results.json")
        val output = InterruptingOutput("[Round 2/")
        val args = listOf("--rounds", "1000", "--interval", "0s", "--pool", "2", "--concurrency", "4", "--json", "$json")
        val status = PrintStream(output, true, Charsets.UTF_8).use { loadtest(args, { null }, Streams(it, System.err)) }
        assertEquals(143, status)
        val lines = output.toString(Charsets.UTF_8).lines()
        assertContains(lines, "MULTI-ROUND TEST INTERRUPTED")
        assertEquals("Connection pool closed", lines.last { it.isNotBlank() })
        val results = Results.fromJson(json.readText())
        assertTrue(results.interrupted)
        assertEquals(4, results.requests.rounds.first().ok)
        assertEquals(0, results.requests.failed, "what was interrupted has not failed: ${results.requests.failures}")
    }

    /** Raises SIGTERM when [line] is written: SIGINT would be ignored by who was started in the background. */
    private class InterruptingOutput(private val line: String) : ByteArrayOutputStream() {
        private var isRaised = false

        @Synchronized
        override fun write(bytes: ByteArray, offset: Int, length: Int) {
            super.write(bytes, offset, length)
            if (!isRaised && line in toString(Charsets.UTF_8)) {
                isRaised = true
                Signal.raise(Signal("TERM"))
            }
        }
    }
}
