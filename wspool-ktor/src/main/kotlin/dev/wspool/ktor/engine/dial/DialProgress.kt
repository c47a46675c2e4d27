package dev.wspool.ktor.engine.dial

import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.transport.ConnectPhase

/** Who wants to know how far the opening of a connection has come. */
internal interface DialProgress {
    fun onPhase(phase: ConnectPhase) {}

    /** [socket] is the one that the attempt is made on from now on. */
    fun onSocket(socket: NioSocket) {}

    /** Nobody does. */
    object Unwatched : DialProgress
}
