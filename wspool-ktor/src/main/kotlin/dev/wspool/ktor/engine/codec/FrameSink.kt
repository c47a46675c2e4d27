package dev.wspool.ktor.engine.codec

/** Where a [FrameDecoder] tells what it has read, in order. The arrays are the receiver's to keep. */
internal interface FrameSink {
    /**
     * A text or binary frame, whole.
     *
     * @param isText of the message that it belongs to, also where it is a continuation.
     * @param isFirst true where the message begins with it.
     * @param isFinal true where the message ends with it.
     * @param isCompressed RSV1 of this frame, which only the first of a message may have (RFC 7692, 6).
     * @return false to be told no more until the decoder is called again.
     */
    fun onData(payload: ByteArray, isText: Boolean, isFirst: Boolean, isFinal: Boolean, isCompressed: Boolean): Boolean

    /** Returns as [onData] does. */
    fun onPing(payload: ByteArray): Boolean

    /** Returns as [onData] does. */
    fun onPong(payload: ByteArray): Boolean

    /** What comes behind it is nothing that the decoder would read (RFC 6455, 5.5.1). */
    fun onClose(payload: ByteArray)
}
