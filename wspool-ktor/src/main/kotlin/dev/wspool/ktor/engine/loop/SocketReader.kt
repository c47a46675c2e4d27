package dev.wspool.ktor.engine.loop

import java.nio.ByteBuffer

/** Who takes what a [NioSocket] reads. Called on the loop's thread. */
internal interface SocketReader {
    /** Takes [bytes], which are lent for the call. Returns false to be told no more until the socket is told to go on; what is left comes again then. */
    fun onBytes(bytes: ByteBuffer): Boolean

    /** The socket is closed, and its descriptor with it. Called once and last; [cause] is what broke it, where something did. */
    fun onEnd(cause: Throwable?)
}
