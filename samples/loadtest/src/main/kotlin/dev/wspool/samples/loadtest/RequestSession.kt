package dev.wspool.samples.loadtest

import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketSession
import kotlinx.coroutines.delay
import kotlinx.serialization.json.Json
import java.util.zip.CRC32
import kotlin.random.Random
import kotlin.time.Duration

/** The server's side of one connection: requests one after the other, each answered by a stream of frames and a mark at its end. */
class RequestSession(
    private val session: WebSocketSession,
    private val condition: ServerCondition,
    private val frames: Int,
    private val frameInterval: Duration,
) {
    private val crc32 = CRC32()

    suspend fun serve() {
        condition.awaitRunning()
        session.send(Frame.Text(Json.encodeToString(Greeting(Random.nextBytes(ID_BYTES).toHexString()))))
        for (frame in session.incoming) {
            condition.awaitRunning()
            when (frame) {
                is Frame.Text, is Frame.Binary -> received(frame)
                is Frame.Ping -> session.send(Frame.Pong(frame.data))
                is Frame.Pong -> continue
                is Frame.Close -> return session.send(Frame.Close(frame.data))
            }
        }
    }

    /** A large request comes in fragments. */
    private suspend fun received(frame: Frame) {
        crc32.update(frame.data)
        if (!frame.fin) return
        val end = EndOfReply(frames, crc32.text())
        crc32.reset()
        repeat(frames) {
            delay(frameInterval)
            condition.beforeFrame()
            session.send(Frame.Binary(fin = true, CONTENT))
            condition.frameSent()
        }
        session.send(Frame.Text(Json.encodeToString(end)))
    }

    private companion object {
        const val ID_BYTES = 4
        val CONTENT = ByteArray(1_024)
    }
}
