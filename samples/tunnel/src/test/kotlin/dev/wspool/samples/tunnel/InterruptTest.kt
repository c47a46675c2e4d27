package dev.wspool.samples.tunnel

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import sun.misc.Signal
import java.io.ByteArrayOutputStream
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@Timeout(60)
class InterruptTest {
    /** TERM, which takes the way of Ctrl-C: a JVM that was started in the background is made to ignore INT. */
    private class Interrupting(private val line: String) : ByteArrayOutputStream() {
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

    @Test
    fun aSignalEndsTheServerInOrder() {
        val run = Program("server", "--listen-tunnel", "127.0.0.1:0", "--listen", "127.0.0.1:0", errors = Interrupting("TCP at "))
        assertTrue(run.messages.first().startsWith("Tunnel at ws://127.0.0.1:"), "${run.messages}")
        assertTrue(run.messages.last().startsWith("TCP connections: 0 carried to their end"), "${run.messages}")
        assertEquals(143, run.status)
    }

    @Test
    fun aSignalEndsTheClientThoughItsServerIsAway() {
        val run = Program("client", "--server", "ws://127.0.0.1:1/", "--to", "127.0.0.1:1", errors = Interrupting("wait for work"))
        assertEquals("20 connections to ws://127.0.0.1:1/ wait for work at 127.0.0.1:1", run.messages.first())
        assertEquals(143, run.status)
    }
}
