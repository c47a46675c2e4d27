package dev.wspool.samples.loadtest

import dev.wspool.ConnectionId
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.NewConnection
import dev.wspool.receiveDeserialized
import kotlin.time.Duration
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** How a server is spoken with. */
sealed interface Conversation {
    /** What comes before the first request of a connection. */
    suspend fun begin(connection: NewConnection)

    /** Sends a [request] and reads the whole reply, until the [deadline]. */
    suspend fun ask(lease: Lease, request: Message, deadline: TimeMark): Reply
}

/** What has come for a request, and how long the first of it took from when it was sent. */
class Reply(val frames: Int, val bytes: Long, val firstFrame: Duration)

/** A server says first what it calls the connection; the last message of a reply is marked. See [Greeting] and [EndOfReply]. */
object MarkedReplies : Conversation {
    override suspend fun begin(connection: NewConnection) =
        connection.identify(ConnectionId(connection.receiveDeserialized<Greeting>(lenient).connectionId))

    override suspend fun ask(lease: Lease, request: Message, deadline: TimeMark): Reply {
        val reply = ReplyCounter()
        lease.send(request)
        while (true) {
            when (val message = lease.receive(deadline.left())) {
                is Message.Binary -> reply.add(message.bytes.size)
                is Message.Text -> {
                    reply.checkAgainst(EndOfReply.parse(message.text), request)
                    return reply.whole()
                }
            }
        }
    }

    private fun ReplyCounter.checkAgainst(end: EndOfReply, request: Message) {
        val expected = crc32(request)
        if (end.crc32 != expected) throw WrongReplyException("the reply is to another request: crc32 ${end.crc32.oneLine()}, not $expected")
        if (end.frames != frames) throw WrongReplyException("the reply has $frames frames, and should have ${end.frames}")
    }
}

/** A server says nothing unasked, and any [count] messages are a reply; an echo server's is one. */
class CountedReplies(private val count: Int) : Conversation {
    override suspend fun begin(connection: NewConnection) = Unit

    override suspend fun ask(lease: Lease, request: Message, deadline: TimeMark): Reply {
        val reply = ReplyCounter()
        lease.send(request)
        repeat(count) {
            when (val message = lease.receive(deadline.left())) {
                is Message.Binary -> reply.add(message.bytes.size)
                is Message.Text -> reply.add(message.text.encodeToByteArray().size)
            }
        }
        return reply.whole()
    }
}

private fun TimeMark.left(): Duration = (-elapsedNow()).coerceAtLeast(Duration.ZERO)

private class ReplyCounter {
    private val start = TimeSource.Monotonic.markNow()
    private var bytes = 0L
    private var firstFrame: Duration? = null

    var frames = 0
        private set

    fun add(size: Int) {
        if (firstFrame == null) firstFrame = start.elapsedNow()
        frames++
        bytes += size
    }

    /** The end counts as the first where nothing came before it. */
    fun whole() = Reply(frames, bytes, firstFrame ?: start.elapsedNow())
}
