package dev.wspool.samples.quickstart

import io.ktor.websocket.send
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@Timeout(60)
class ArgumentsTest {
    @TempDir
    lateinit var directory: File

    @Test
    fun helpNamesEveryOption() {
        val run = Program("--help")
        listOf("--url", "--input", "--output", "--pool", "--concurrency", "--timeout").forEach { assertContains(run.output, it) }
        assertEquals(emptyList(), run.messages)
        assertEquals(0, run.status)
    }

    @Test
    fun unknownOption() = Program("--zzz").assertRefused(2, "no such option --zzz (try --help)")

    @Test
    fun poolWithoutConnections() = Program("--pool", "0")
        .assertRefused(2, "invalid value for --pool: 0 is not in the valid range of 1 to 10000. (try --help)")

    @Test
    fun moreThanAnybodyCanMean() = Program("--concurrency", "200000000")
        .assertRefused(2, "invalid value for --concurrency: 200000000 is not in the valid range of 1 to 10000. (try --help)")

    @Test
    fun timeoutThatIsNoTime() = Program("--timeout", "5 apples")
        .assertRefused(2, "invalid value for --timeout: not a time such as 500ms, 5s or 1m: 5 apples (try --help)")

    @Test
    fun urlOfAnotherKind() = Program("--url", "http://user:secret@localhost/")
        .assertRefused(2, "invalid value for --url: url must begin with ws:// or wss://, not http: (try --help)")

    @Test
    fun severalMistakesAreOneMessage() = Program("--pool", "many", "--concurrency", "x").assertRefused(
        2,
        "invalid value for --pool: many is not a valid integer; invalid value for --concurrency: x is not a valid integer (try --help)",
    )

    @Test
    fun missingFile() = File(directory, "none").let {
        Program("--input", "$it").assertRefused(2, "cannot read $it (No such file or directory)")
    }

    @Test
    fun directoryAsInput() = Program("--input", "$directory").assertRefused(2, "cannot read $directory (Is a directory)")

    @Test
    fun outputThatCannotBeWritten() = File(directory, "none/out").let {
        Program("--output", "$it").assertRefused(2, "cannot write $it (No such file or directory)")
    }

    @Test
    fun outputThatIsTheInputIsNotOverwritten() {
        val file = File(directory, "both").apply { writeText("precious\n") }
        Program("--input", "$file", "--output", "$directory/../${directory.name}/both")
            .assertRefused(2, "--output would overwrite --input")
        assertEquals("precious\n", file.readText())
    }

    @Test
    fun serverThatIsNotThereIsOneMessage() {
        val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        val run = Program("--url", "ws://127.0.0.1:$port/?token=secret", "--timeout", "500ms", input = "a\n".repeat(100))
        val message = run.messages.single()
        assertTrue(message.startsWith("quickstart: cannot reach the server: "), message)
        assertContains(message, "ws://127.0.0.1:$port/")
        assertTrue("secret" !in message, message)
        assertEquals("", run.output)
        assertEquals(1, run.status)
    }

    @Test
    fun serverThatHasNoSuchPathIsOneMessageAtOnce() {
        val run = TestServer { send(it) }
            .use { Program("--url", "${it.url}nothing-here", "--timeout", "1h", input = "a\n") }
        val message = run.messages.single()
        assertContains(message, "404")
        assertEquals(1, run.status)
    }
}
