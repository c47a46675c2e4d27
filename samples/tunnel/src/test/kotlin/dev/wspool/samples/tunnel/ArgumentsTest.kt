package dev.wspool.samples.tunnel

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

@Timeout(60)
class ArgumentsTest {
    @Test
    fun helpNamesEveryCommandAndOption() {
        val all = mapOf(
            listOf("--help") to listOf("server", "client", "measure"),
            listOf("server", "--help") to
                listOf("--listen-tunnel", "--listen", "--max-connections", "--timeout", "--token", "--drain-timeout"),
            listOf("client", "--help") to
                listOf("--server", "--to", "--connections", "--max-connections", "--timeout", "--token", "--drain-timeout"),
            listOf("measure", "--help") to listOf("--size"),
        )
        for ((args, words) in all) {
            val run = Program(*args.toTypedArray())
            words.forEach { assertContains(run.output.joinToString("\n"), it) }
            assertEquals(emptyList(), run.messages)
            assertEquals(0, run.status)
        }
    }

    @Test
    fun withoutACommandHelpIsShown() = assertEquals(2, Program().status)

    @Test
    fun unknownCommand() = Program("servr").assertRefused(2, "no such subcommand servr. Did you mean server? (try --help)")

    @Test
    fun addressThatIsNone() = Program("server", "--listen-tunnel", "localhost", "--listen", "localhost:0")
        .assertRefused(2, "invalid value for --listen-tunnel: $NOT_AN_ADDRESS: localhost (try --help)")

    @Test
    fun whatIsMissingIsNamed() = Program("client").assertRefused(2, "missing option --server; missing option --to (try --help)")

    @Test
    fun urlOfAnotherKind() = Program("client", "--server", "http://user:secret@localhost/", "--to", "localhost:22")
        .assertRefused(2, "invalid value for --server: url must begin with ws:// or wss://, not http: (try --help)")

    @Test
    fun moreWaitingThanMayBe() =
        Program("client", "--server", "ws://localhost/", "--to", "localhost:22", "--connections", "3", "--max-connections", "2")
            .assertRefused(2, "--connections must not be more than --max-connections (try --help)")

    @Test
    fun sizeThatIsNone() = Program("measure", "--size", "1GB")
        .assertRefused(2, "invalid value for --size: not a size such as 64MiB or 1GiB: 1GB (try --help)")

    @Test
    fun tokenThatCannotBeSentIsNotShown() {
        val run = Program("client", "--server", "ws://localhost/", "--to", "localhost:22", "--token", "geheim\n")
        assertEquals(2, run.status)
        assertTrue("geheim" !in run.messages.single(), run.messages.single())
    }

    @Test
    fun portThatIsTakenIsOneMessage() {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use {
            val run = Program("server", "--listen-tunnel", "127.0.0.1:0", "--listen", "127.0.0.1:${it.localPort}")
            assertTrue(run.messages.single().startsWith("tunnel: cannot listen at 127.0.0.1:0 and 127.0.0.1:"), "${run.messages}")
            assertEquals(1, run.status)
            val other = Program("server", "--listen-tunnel", "127.0.0.1:${it.localPort}", "--listen", "127.0.0.1:0")
            assertTrue(other.messages.single().startsWith("tunnel: cannot listen at 127.0.0.1:"), "${other.messages}")
            assertEquals(1, other.status)
        }
    }

    @Test
    fun addressesAreWrittenAsTheyAreRead() {
        for (text in listOf("localhost:22", "127.0.0.1:0", "[::1]:65535")) assertEquals(text, "${Address.parse(text)}")
        val wrong = listOf("", "localhost", ":22", "localhost:", "localhost:65536", "::1:22", "a b:1")
        for (text in wrong) assertNull(Address.parse(text), text)
    }

    private companion object {
        const val NOT_AN_ADDRESS = "not a host and a port such as localhost:22 or [::1]:22"
    }
}
