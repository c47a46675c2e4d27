package dev.wspool.ktor.engine.session

import dev.wspool.CloseInfo
import dev.wspool.ktor.awaitDescriptors
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.PeerWire.Companion.RSV1
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.client.plugins.websocket.WebSocketException
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.client.request.get
import io.ktor.websocket.ProtocolViolationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** What Ktor's sessions leave to an engine, and CIO does not do: a peer that breaks RFC 6455 is refused. */
class StrictSessionTest {
    @Test
    fun closeCodesThatMustNotBeSentAreRefusedAndNotSentBack() {
        for (code in listOf(0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535)) {
            refused(1002) {
                frame(FIN or CLOSE, byteArrayOf((code shr 8).toByte(), code.toByte()))
            }
        }
    }

    @Test
    fun closeThatHoldsHalfACodeIsRefused() = refused(1002) { frame(FIN or CLOSE, byteArrayOf(3)) }

    @Test
    fun closeWhoseReasonIsNotUtf8IsRefused() = refused(1007) { frame(FIN or CLOSE, byteArrayOf(3, 0xE8.toByte(), 0xC3.toByte(), 0x28)) }

    @Test
    fun reservedBitThatNoExtensionExplainsIsRefused() = refused(1002) { frame(FIN or RSV1 or TEXT, "deflated".toByteArray()) }

    @Test
    fun answerThatIsNoUpgradeIsRefused() {
        val wrongs = mapOf(
            "Upgrade" to null,
            "upgrade" to "h2c",
            "Connection" to "keep-alive",
            "Sec-WebSocket-Protocol" to "chat",
            "Sec-WebSocket-Extensions" to "permessage-deflate",
        )
        for ((name, value) in wrongs) {
            val script: Script = {
                upgrade(if (name == "upgrade") mapOf("Upgrade" to value) else mapOf(name to value))
                awaitEnd()
            }
            clientOf(script) { client, server ->
                assertFailsWith<WebSocketException>("$name: $value") { client.webSocket(server.url) { } }
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun upgradeThatNobodyAskedForLeavesNoSocket() = ScriptedServer(Scripts.listen).use { server ->
        HttpClient(WebSocketsEngine).use { client ->
            runBlocking { assertFailsWith<IllegalStateException> { client.get(server.url) } }
            server.awaitNoneOpen()
            awaitDescriptors(0, server.port)
        }
    }

    /** [wrong] is answered with a Close that says [code], and told to the session. */
    private fun refused(code: Int, wrong: Script) {
        val answer = CompletableDeferred<Int>()
        session({
            upgrade()
            wrong()
            answer.complete(receive(CLOSE).code)
            awaitEnd()
        }) {
            assertFailsWith<ProtocolViolationException> { incoming.receive() }
            assertEquals(code, answer.await())
            assertEquals(CloseInfo.ABNORMAL, closeCode())
        }
    }

    private suspend fun DefaultClientWebSocketSession.closeCode() = closeReason.await()?.code?.toInt()
}
