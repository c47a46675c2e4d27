package dev.wspool.ktor.engine.session

import dev.wspool.ktor.engine.codec.Opcode
import dev.wspool.ktor.engine.link.FragmentWriter
import dev.wspool.ktor.engine.loop.NioSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.FrameType
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedSendChannelException

/** Writes the frames that are put into [queue], in the coroutine that has it [run]. */
internal class SessionWriter(private val socket: NioSocket, val queue: Channel<Frame>, private val maxBytesInFlight: Int) {
    private val fragments = FragmentWriter(socket, maxBytesInFlight)
    private var isWithinMessage = false

    /** Stands in the queue for one who waits for what is before it. */
    private class Flush(val done: CompletableJob) : DisposableHandle {
        override fun dispose() {
            done.complete()
        }
    }

    suspend fun run() {
        for (frame in queue) {
            val flush = frame.disposableHandle as? Flush
            if (flush == null) {
                write(frame)
            } else {
                try {
                    socket.awaitAtMost(0)
                } finally {
                    flush.dispose()
                }
            }
        }
    }

    private suspend fun write(frame: Frame) {
        when (frame.frameType) {
            FrameType.TEXT -> writeData(Opcode.TEXT, frame)
            FrameType.BINARY -> writeData(Opcode.BINARY, frame)
            FrameType.PING -> {
                socket.write { it.putControl(Opcode.PING, frame.data) }
                socket.awaitAtMost(maxBytesInFlight)
            }
            // A peer that pings and does not read is not answered: what it will find when it reads on is proof enough.
            FrameType.PONG -> socket.write { it.size > maxBytesInFlight || it.putControl(Opcode.PONG, frame.data) }
            FrameType.CLOSE -> {
                socket.write { it.putClose(Opcode.CLOSE, frame.data) }
                queue.close() // nothing may follow (RFC 6455, 5.5.1)
            }
        }
    }

    private suspend fun writeData(opcode: Int, frame: Frame) {
        val kind = if (isWithinMessage) Opcode.CONTINUATION else opcode
        isWithinMessage = !frame.fin
        fragments.send(kind, frame.data, frame.fin, frame.rsv1)
    }

    /** Returns when all that was in the queue is written, or the connection has ended. */
    suspend fun flush() {
        val done = Job()
        try {
            queue.send(Frame.Pong(ByteArray(0), Flush(done)))
        } catch (_: ClosedSendChannelException) {
            return finish()
        }
        done.join()
    }

    /** Puts [close] in place of what has not begun to go out. */
    fun closeNow(close: Frame.Close) {
        socket.write {
            it.dropUnbegun()
            it.putClose(Opcode.CLOSE, close.data)
        }
        queue.close()
    }

    /** Returns when the socket has taken what was written to it. */
    suspend fun finish() {
        socket.awaitAtMost(0)
    }

    /** The connection has ended: who waits for a flush has waited enough. */
    fun end() {
        queue.close()
        while (true) queue.tryReceive().getOrNull()?.disposableHandle?.dispose() ?: break
    }
}
