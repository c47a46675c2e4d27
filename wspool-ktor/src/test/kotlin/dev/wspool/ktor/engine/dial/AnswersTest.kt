package dev.wspool.ktor.engine.dial

import dev.wspool.ConnectFailedException
import dev.wspool.HandshakeFailedException
import dev.wspool.ktor.rule
import dev.wspool.test.ScriptedServer
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

/** Answers to an upgrade that are odd, and what is made of them. */
class AnswersTest {
    /** RFC 9112, 2.2 lets a recipient take a line that ends so; one that does not take it would wait for ever. */
    @Test
    fun linesMayEndWithoutACarriageReturn() {
        for (empty in listOf("\n", "\r\n")) refused("HTTP/1.1 403 No\nContent-Length: 2\n${empty}no", 403, "no")
    }

    @Test
    fun lengthThatIsNoneIsThatOfWhatComes() {
        for (length in listOf("-5", "99999999999999999999", "two", "")) {
            refused("HTTP/1.1 403 No\r\nContent-Length: $length\r\n\r\nno", 403, "no")
        }
    }

    @Test
    fun chunksThatAreNoneAreARefusalAllTheSame() {
        for (size in listOf("zz", "-1", "")) {
            refused("HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n$size\r\n0\r\n\r\n", 403, "")
        }
    }

    /** An illegal value in a header of the request is for good; one in the answer is the server's, and may be mended. */
    @Test
    fun illegalHeaderOfTheAnswerIsNotTakenForOneOfOurs() = ScriptedServer {
        request
        write("HTTP/1.1 503 Later\r\nX-Odd: hunter2\u0000\r\nContent-Length: 0\r\n\r\n".toByteArray())
    }.use { server ->
        rule {
            val failure = assertFailsWith<ConnectFailedException> { open(server.url) }
            assertFalse(failure.isPermanent, "$failure")
            assertFalse("hunter2" in failure.stackTraceToString())
            server.awaitNoneOpen()
        }
    }

    private fun refused(answer: String, status: Int, body: String) = ScriptedServer {
        request
        write(answer.toByteArray())
    }.use { server ->
        rule {
            val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
            assertEquals(status to body, failure.status to failure.body)
            server.awaitNoneOpen()
        }
    }
}
