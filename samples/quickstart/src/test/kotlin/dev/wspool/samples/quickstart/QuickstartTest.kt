package dev.wspool.samples.quickstart

import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketSession
import io.ktor.websocket.close
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import sun.misc.Signal
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.io.OutputStream
import java.io.PipedInputStream
import java.io.PipedOutputStream
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@Timeout(60)
class QuickstartTest {
    @TempDir
    lateinit var directory: File

    @Test
    fun linesOfAFileComeBackFromTheEmbeddedServer() {
        val input = File(directory, "in").apply { writeText((1..5_000).joinToString("") { "line $it, grün\n" }) }
        val output = File(directory, "out")
        val run = Program("--input", "$input", "--output", "$output", "--pool", "4")
        assertEquals(input.readText(), output.readText())
        assertEquals(0, run.status)
        assertTrue(run.messages.first().startsWith("Echo server started on ws://127.0.0.1:"))
        run.assertSummary(sent = 5_000, failed = 0)
        assertTrue(run.figure("connections created") in 1..4)
    }

    @Test
    fun repliesStandInTheOrderOfTheLinesHoweverTheyCome() {
        val second = CompletableDeferred<Unit>()
        val server = TestServer {
            if (it == "first") second.await()
            send(it.uppercase())
            if (it == "second") second.complete(Unit)
        }
        val run = server.use { Program("--url", it.url, input = "first\nsecond\nthird\n") }
        assertEquals("FIRST\nSECOND\nTHIRD\n", run.output)
        assertEquals(0, run.status)
    }

    @Test
    fun lineWhoseConnectionIsLostIsNamedAndTheOthersGoOn() {
        val asked = AtomicInteger()
        val server = TestServer {
            if (it == "die") {
                asked.incrementAndGet()
                close(CloseReason(4000, "as you wish\u001b[2J"))
            } else {
                send(it)
            }
        }
        val run = server.use { Program("--url", it.url, "--pool", "2", input = "a\nb\ndie\nc\nd\n") }
        assertEquals("a\nb\n\nc\nd\n", run.output)
        val failure = run.messages.single { it.startsWith("line ") }
        assertTrue(failure.startsWith("line 3: "), failure)
        assertContains(failure, "4000")
        assertTrue('\u001b' !in failure, "what a server says must not steer the terminal")
        run.assertSummary(sent = 4, failed = 1)
        assertEquals(1, asked.get(), "a line that was sent is not sent again")
        assertEquals(1, run.status)
    }

    @Test
    fun lineWithoutAReplyInTimeFails() {
        val server = TestServer { if (it != "hush") send(it) }
        val run = server.use { Program("--url", it.url, "--timeout", "1s", input = "a\nhush\nb\n") }
        assertEquals("a\n\nb\n", run.output)
        assertEquals(listOf("line 2: no reply within 1s"), run.messages.filter { it.startsWith("line ") })
        run.assertSummary(sent = 2, failed = 1)
        assertEquals(1, run.status)
    }

    @Test
    fun lateReplyIsNoOtherLinesReply() {
        val slow = CompletableDeferred<WebSocketSession>()
        val server = TestServer {
            when (it) {
                "slow" -> slow.complete(this)
                "a" -> {
                    runCatching { slow.await().send("slow") } // late, and ahead of the reply to this line if it came the same way
                    send(it)
                }
                else -> send(it)
            }
        }
        val run = server.use { Program("--url", it.url, "--timeout", "1s", "--pool", "1", "--concurrency", "1", input = "slow\na\nb\n") }
        assertEquals("\na\nb\n", run.output)
    }

    @Test
    fun replyThatIsNotTextFails() {
        val server = TestServer { if (it == "b") send(Frame.Binary(true, byteArrayOf(1))) else send(it) }
        val run = server.use { Program("--url", it.url, input = "a\nb\nc\n") }
        assertEquals("a\n\nc\n", run.output)
        run.assertSummary(sent = 2, failed = 1)
    }

    @Test
    fun replyOfSeveralLinesStaysInItsLine() {
        val server = TestServer { send("$it\nand\r\nmore") }
        val run = server.use { Program("--url", it.url, input = "a\n") }
        assertEquals("a\\nand\\nmore\n", run.output)
    }

    @Test
    fun emptyLinesAreSentToo() {
        val run = Program(input = "\n\nx\n\n")
        assertEquals("\n\nx\n\n", run.output)
        run.assertSummary(sent = 4, failed = 0)
    }

    @Test
    fun lineThatIsNoTextFailsInItsPlace() {
        val run = Program(input = "a\n".toByteArray().plus(byteArrayOf(-1, '\n'.code.toByte())).plus("b".toByteArray()).inputStream())
        assertEquals("a\n\nb\n", run.output)
        assertContains(run.messages, "line 2: not valid UTF-8")
        run.assertSummary(sent = 2, failed = 1)
        assertEquals(1, run.status)
    }

    @Test
    fun emptyInputIsNoError() {
        val run = Program()
        assertEquals("", run.output)
        run.assertSummary(sent = 0, failed = 0)
        assertEquals(0, run.status)
    }

    @Test
    fun serverThatIsBackInTimeCostsOnlyTheLinesThatItHad() {
        val seen = AtomicInteger()
        val first = TestServer {
            if (seen.incrementAndGet() <= 100) send(it) else CompletableDeferred<Unit>().await()
        }
        var second: TestServer? = null
        val restart = Thread {
            while (seen.get() < 104) Thread.onSpinWait() // all four connections hold a line that gets no reply
            first.close()
            second = TestServer(first.port) { send(it) }
        }.apply { start() }
        val run = Program("--url", first.url, "--pool", "4", "--timeout", "20s", input = (1..1_000).joinToString("") { "$it\n" })
        restart.join()
        second!!.close()
        val lines = run.output.removeSuffix("\n").split("\n")
        assertEquals((1..1_000).map { if (lines[it - 1].isEmpty()) "" else "$it" }, lines)
        val named = run.messages.filter { it.startsWith("line ") }.map { it.removePrefix("line ").substringBefore(':').toInt() }
        assertEquals(named, (1..1_000).filter { lines[it - 1].isEmpty() })
        assertEquals(4, named.size)
        run.assertSummary(sent = 996, failed = 4)
        assertEquals(1, run.status)
    }

    @Test
    fun outputThatNobodyReadsEndsTheRunQuietly() {
        val gone = object : OutputStream() {
            override fun write(byte: Int) = throw IOException("Broken pipe")
        }
        val run = Program(input = "a\n".repeat(100_000).byteInputStream(), output = gone)
        assertEquals(listOf("Echo server started on"), run.messages.map { it.substringBefore(" ws://") })
        assertEquals(141, run.status)
    }

    @Test
    fun fullDiskIsOneMessage() {
        val full = object : OutputStream() {
            override fun write(byte: Int) = throw IOException("No space left on device")

            override fun toString() = ""
        }
        val run = Program(input = "a\n".byteInputStream(), output = full)
        assertEquals("quickstart: cannot write standard output (No space left on device)", run.messages.last())
        assertEquals(2, run.messages.size)
        assertEquals(1, run.status)
    }

    /** TERM, which takes the way of Ctrl-C: a JVM that was started in the background is made to ignore INT. */
    @Test
    fun aSignalEndsTheRunWithASummaryThoughTheInputGoesOn() {
        val typing = PipedOutputStream()
        val terminal = PipedInputStream(typing)
        val once = AtomicBoolean(true)
        val interrupts = object : ByteArrayOutputStream() {
            override fun flush() {
                if (toString() == "a\nb\n" && once.getAndSet(false)) Signal.raise(Signal("TERM"))
            }
        }
        typing.write("a\nb\n".toByteArray())
        val run = Program(input = terminal, output = interrupts)
        assertEquals("a\nb\n", run.output)
        run.assertSummary(sent = 2, failed = 0)
        assertEquals(143, run.status)
    }
}
