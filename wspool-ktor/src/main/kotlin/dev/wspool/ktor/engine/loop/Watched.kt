package dev.wspool.ktor.engine.loop

/** What an [EventLoop] watches the channel of. It is called on the loop's thread alone. */
internal interface Watched {
    /** The channel is ready for [operations], as a `SelectionKey` names them. */
    fun onReady(operations: Int)

    /** Whether something was written since it was read last. */
    val isAnswerDue: Boolean

    /** What was written without being flushed is to go out now. */
    fun onFlush()

    /** The channel was closed, and by now its descriptor is. */
    fun onReleased()

    /** A call of the others has thrown [failure]: a bug, but that of one connection. */
    fun onFailure(failure: Throwable)
}
