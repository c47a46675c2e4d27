package dev.wspool.samples.tunnel

import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.port
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import kotlinx.io.IOException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

@Timeout(60)
class TcpSocketTest {
    private fun pair(rule: suspend (near: TcpSocket, far: TcpSocket) -> Unit) = runBlocking(Dispatchers.Default) {
        SelectorManager(Dispatchers.IO).use { selector ->
            aSocket(selector).tcp().bind("127.0.0.1", 0).use { listener ->
                val near = TcpSocket(aSocket(selector).tcp().connect("127.0.0.1", listener.port))
                rule(near, TcpSocket(listener.accept()))
                near.close()
            }
        }
    }

    @Test
    fun aResetThatCameBeforeTheReadIsNoEnd() = pair { near, far ->
        far.reset()
        while (near.input.closedCause == null) yield()
        assertFailsWith<IOException> { near.read(ByteArray(10)) }
    }

    @Test
    fun aFinIsTheEnd() = pair { near, far ->
        far.close()
        assertEquals(-1, near.read(ByteArray(10)))
    }
}
