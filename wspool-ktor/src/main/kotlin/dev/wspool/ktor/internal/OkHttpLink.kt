package dev.wspool.ktor.internal

import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.Job
import okhttp3.Call
import okhttp3.Response
import okio.Buffer
import okio.ForwardingSink
import okio.ForwardingSource
import okio.IOException
import okio.Sink
import okio.Socket
import okio.Source

/**
 * What lies below Ktor's session, for one dial: OkHttp's call, which alone can be ended at once, and its socket, on which
 * bytes are counted and reading can be held up. Ktor shows neither; an interceptor, [OkHttpTap], sees both.
 */
internal class OkHttpLink(maxMessageSize: Int) {
    private val meter = MessageMeter(maxMessageSize)
    private var call: Call? = null
    private var isCancelled = false

    val reading = ReadPause()
    val outgoing = BytesInFlight()

    /** Completed when a message of more bytes than there may be has begun. No more is read. */
    val tooBig: CompletableJob = Job()

    /** Completed when OkHttp has closed the socket of an open connection. */
    val closed: CompletableJob = Job()

    /** Completed when OkHttp has a thread for the call. */
    val begun: CompletableJob = Job()

    /** What the server answered last. */
    @Volatile
    var answer: OkHttpAnswer? = null
        private set

    /** @throws IOException where the dial was given up while its call waited for a thread. */
    fun begin(call: Call) {
        synchronized(this) {
            if (isCancelled) throw IOException(GIVEN_UP)
            this.call = call
        }
        answer = null
        begun.complete()
    }

    /** [response] with the socket put under control. */
    fun answered(response: Response): Response {
        answer = OkHttpAnswer.of(response)
        val socket = response.socket ?: return response
        if (synchronized(this) { isCancelled }) {
            // OkHttp would forget to count it out, and complain of a leak later.
            runCatching { socket.source.close() }
            runCatching { socket.sink.close() }
            throw IOException(GIVEN_UP)
        }
        return response.newBuilder().socket(Watched(socket)).build()
    }

    /** Closes the socket, however far the call has come and whatever waits in it. Never waits. */
    fun cancel() {
        val begun = synchronized(this) {
            isCancelled = true
            call
        }
        begun?.cancel()
        reading.end()
        outgoing.end()
    }

    private inner class Watched(private val socket: Socket) : Socket {
        override val source: Source = object : ForwardingSource(socket.source) {
            override fun read(sink: Buffer, byteCount: Long): Long {
                reading.await()
                // Only now, as what came in one piece with the beginning of the message has been heard out meanwhile.
                if (isExceeded) refuse()
                val start = sink.size
                val read = super.read(sink, byteCount)
                isExceeded = !meter.accepts(sink, start)
                return read
            }
        }

        private var isExceeded = false // the reader's alone

        override val sink: Sink = object : ForwardingSink(socket.sink) {
            private var unflushed = 0L // the writer's alone

            override fun write(source: Buffer, byteCount: Long) {
                super.write(source, byteCount)
                unflushed += byteCount
            }

            /** Behind each frame: until then its last bytes are in OkHttp's own buffer. */
            override fun flush() {
                super.flush()
                outgoing.written(unflushed)
                unflushed = 0
            }

            /** The last that OkHttp closes: the source goes first, when its own Close has not gone out yet. */
            override fun close() = closing { super.close() }
        }

        override fun cancel() = closing { socket.cancel() }

        /** Until the peer has been told why, the connection stays as it is. */
        private fun refuse(): Nothing {
            reading.pause()
            tooBig.complete()
            reading.await()
            throw IOException("A message is too big")
        }

        private inline fun closing(close: () -> Unit) {
            try {
                close()
            } finally {
                closed.complete()
            }
        }
    }
    private companion object {
        const val GIVEN_UP = "The dial was given up"
    }
}
