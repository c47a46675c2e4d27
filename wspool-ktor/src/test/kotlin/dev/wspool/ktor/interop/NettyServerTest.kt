package dev.wspool.ktor.interop

import dev.wspool.Compression
import dev.wspool.withConnection
import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** Netty's server. */
internal class NettyServerTest {
    @Nested
    inner class Own : NettyRules({ Engine.Own })

    @Nested
    inner class Cio : NettyRules(Engine::cio)
}

internal abstract class NettyRules(newEngine: () -> Engine) : FullRules({ NettyPeer() }, newEngine) {
    override val offers = super.offers.filterNot { it.serverNoContextTakeover }

    /** So its compression handler does unless it is told otherwise. */
    @Test
    fun peerDeclinesRatherThanCompressEachMessageByItself() =
        rule("echo", { compression = Compression(minSize = 0, serverNoContextTakeover = true) }) { pool, _ ->
            pool.withConnection {
                assertNull(handshake.header(EXTENSIONS))
                send("as it is")
                assertEquals("as it is", receiveText())
            }
        }
}
