package dev.wspool.ktor.interop

import dev.wspool.Compression
import dev.wspool.Message
import dev.wspool.withConnection
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What holds with any peer of a pool on an engine that pings and compresses: our own, and CIO. */
internal abstract class FullRules(newPeer: () -> Peer, newEngine: () -> Engine = { Engine.Own }) : PeerRules(newPeer, newEngine) {
    /** Whether the peer can tell what came over the wire. */
    protected open val hasMeter = true

    /** What it agrees to. */
    protected open val offers = listOf(true, false).flatMap { client ->
        listOf(true, false).map { server ->
            Compression(minSize = 0, clientNoContextTakeover = client, serverNoContextTakeover = server)
        }
    } + Compression()

    @Test
    fun pingOfOursIsAnswered() = rule("echo") { pool, _ ->
        pool.withConnection {
            assertTrue(ping().isPositive())
            send("still there")
            assertEquals("still there", receiveText())
        }
        assertEquals(1, pool.stats.created)
    }

    @Test
    fun compressionIsAgreedOnWhoeverTakesOverWhat() {
        for (offered in offers) {
            rule("echo", { compression = offered }) { pool, _ ->
                pool.withConnection {
                    assertEquals("permessage-deflate", handshake.header(EXTENSIONS)?.substringBefore(";")?.trim(), "$offered")
                    for (number in 0..40) {
                        val text = "$number ".repeat(number * number)
                        send(text)
                        assertEquals(text, receiveText())
                    }
                    val noise = Random(1).nextBytes(300_000)
                    send(noise)
                    assertEquals(Message.Binary(noise), receive(), "what cannot be compressed")
                }
            }
        }
    }

    @Test
    fun compressedMessageIsSmallOnTheWire() {
        if (!hasMeter) return
        for ((offered, bytes) in listOf(Compression() to 100..9_999, null to 100_000..200_000)) {
            rule("wire", { compression = offered }) { pool, _ ->
                pool.withConnection {
                    send("all work and no play makes Jack a dull boy ".repeat(2_500))
                    val received = receiveText().toInt()
                    assertTrue(received in bytes, "$received bytes with $offered")
                }
            }
        }
    }

    @Test
    fun peerThatDeclinesCompressionIsTalkedToWithout() = rule("plain", { compression = Compression(minSize = 0) }) { pool, _ ->
        pool.withConnection {
            assertNull(handshake.header(EXTENSIONS))
            for (number in 0..40) {
                send("$number ".repeat(number * number))
                assertEquals("$number ".repeat(number * number), receiveText())
            }
        }
    }

    protected companion object {
        const val EXTENSIONS = "Sec-WebSocket-Extensions"
    }
}
