package dev.wspool.ktor.interop

import dev.wspool.Compression
import dev.wspool.withConnection
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** CIO with Netty's server. */
internal class NettyServerTest : CioRules({ NettyPeer() }) {
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
