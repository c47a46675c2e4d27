package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.Lease
import dev.wspool.PoolConfig
import dev.wspool.PoolException
import dev.wspool.awaitEnd
import dev.wspool.ktor.internal.FrameSender
import dev.wspool.ktor.internal.SessionIncoming
import dev.wspool.ktor.internal.SessionOutgoing
import dev.wspool.tryReceive
import io.ktor.serialization.WebsocketContentConverter
import io.ktor.serialization.WebsocketConverterNotFoundException
import io.ktor.util.reflect.TypeInfo
import io.ktor.util.reflect.typeInfo
import io.ktor.utils.io.InternalAPI
import io.ktor.websocket.CloseReason
import io.ktor.websocket.DefaultWebSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.PINGER_DISABLED
import io.ktor.websocket.WebSocketExtension
import io.ktor.websocket.serialization.receiveDeserializedBase
import io.ktor.websocket.serialization.sendSerializedBase
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicBoolean

/**
 * A lease as Ktor's session, for the length of a block of [withSession]. What is Ktor's behaves as Ktor's, but for what belongs to the
 * connection, which outlives the session:
 *
 * - [incoming] has whole messages and no control frames. It is closed when the connection ends, however it did: [closeReason] tells. One
 *   coroutine receives at a time. What is not received is unread, and makes the lease dirty.
 * - [send] returns when the engine has taken the frame, and its failure is the caller's. [outgoing] is a queue of 64 frames; the first that
 *   fails closes it, and the end of the block sends what is in it. Fragments are gathered, and sent as one message.
 * - `close(reason)`, a `Frame.Close` and a closed [outgoing] close the connection, which is not lent again. To give it back, leave the block.
 * - A `Frame.Ping` is a ping of [Lease.ping], and is sent when its pong has come; its payload is the lease's. A `Frame.Pong` is refused.
 * - Pings, masks and extensions are the pool's: [pingIntervalMillis], [timeoutMillis], [maxFrameSize] and [masking] tell what the pool was
 *   told, and to set them is refused; [extensions] is empty, though messages may be compressed.
 * - A coroutine that is launched in the session is cancelled at the end of the block.
 */
@OptIn(InternalAPI::class) // start, and the converters' common part, which Ktor's own session types use
public class LeaseSession internal constructor(
    /** What the session stands on, for what Ktor has no word for: its id, addresses, handshake. */
    public val lease: Lease,
    private val config: PoolConfig,
    /** What [sendSerialized] and [receiveDeserialized] convert with, or null. */
    public val converter: WebsocketContentConverter?,
    scope: CoroutineScope,
) : DefaultWebSocketSession,
    CoroutineScope by scope {
    private val sender = FrameSender(lease)
    private val received = SessionIncoming(lease, scope, ::ended, ::fence)
    private val sent = SessionOutgoing(scope, sender, ::fence)
    private val endReason = CompletableDeferred<CloseReason?>()
    private val isEndAwaited = AtomicBoolean()

    @Volatile
    private var isOver = false

    @Volatile
    private var isReleased = false

    override val incoming: ReceiveChannel<Frame> get() = received

    override val outgoing: SendChannel<Frame> get() = sent

    override suspend fun send(frame: Frame): Unit = sent.sendInOrder(frame)

    /** Returns when all that was queued in [outgoing] before has been sent. */
    override suspend fun flush() {
        fence()?.let { throw it }
        sent.flush()
    }

    /** How the connection ended, when it has: 1006 where no Close frame came. */
    override val closeReason: Deferred<CloseReason?>
        get() {
            if (isEndAwaited.compareAndSet(false, true)) awaitEnd()
            return endReason
        }

    private fun awaitEnd() {
        if (isOver || endReason.isCompleted) return
        launch {
            try {
                ended(lease.awaitEnd())
            } catch (failure: PoolException) {
                endReason.completeExceptionally(failure)
            }
        }
    }

    private fun ended(info: CloseInfo) {
        endReason.complete(CloseReason(info.code.toShort(), info.reason))
    }

    // ---- the converters --------------------------------------------------------------------------------------------------

    /**
     * Sends [data] as the [converter] has it.
     *
     * @throws WebsocketConverterNotFoundException where there is none.
     */
    public suspend fun sendSerialized(data: Any?, typeInfo: TypeInfo): Unit =
        sendSerializedBase(data, typeInfo, converterOrThrow(), Charsets.UTF_8)

    /** As the other [sendSerialized]. */
    public suspend inline fun <reified T> sendSerialized(data: T): Unit = sendSerialized(data, typeInfo<T>())

    /**
     * Receives a message, and returns what the [converter] makes of it.
     *
     * @throws WebsocketConverterNotFoundException where there is none.
     * @throws io.ktor.serialization.WebsocketDeserializeException where the message is no [T]; the session can be used on.
     * @throws kotlinx.coroutines.channels.ClosedReceiveChannelException where the connection has ended.
     */
    @Suppress("UNCHECKED_CAST")
    public suspend fun <T> receiveDeserialized(typeInfo: TypeInfo): T =
        receiveDeserializedBase(typeInfo, converterOrThrow(), Charsets.UTF_8) as T

    /** As the other [receiveDeserialized]. */
    public suspend inline fun <reified T> receiveDeserialized(): T = receiveDeserialized(typeInfo<T>())

    private fun converterOrThrow() = converter ?: throw WebsocketConverterNotFoundException(
        "No converter was given: withSession(converter = KotlinxWebsocketSerializationConverter(Json))",
    )

    // ---- what is the pool's ----------------------------------------------------------------------------------------------

    override var pingIntervalMillis: Long
        get() = config.pingInterval.let { if (it.isInfinite()) PINGER_DISABLED else it.inWholeMilliseconds }
        set(_) = refuse("pingIntervalMillis", "pingInterval")

    override var timeoutMillis: Long
        get() = config.pongTimeout.inWholeMilliseconds
        set(_) = refuse("timeoutMillis", "pongTimeout")

    override var maxFrameSize: Long
        get() = config.transport.maxMessageSize.toLong()
        set(_) = refuse("maxFrameSize", "maxMessageSize")

    /** A client masks what it sends (RFC 6455, 5.1). */
    override var masking: Boolean
        get() = true
        set(_) = throw UnsupportedOperationException("masking cannot be set: a client masks what it sends (RFC 6455, 5.1)")

    override val extensions: List<WebSocketExtension<*>> get() = emptyList()

    @InternalAPI
    override fun start(negotiatedExtensions: List<WebSocketExtension<*>>): Unit = error("The session of a lease is started already")

    @Deprecated("Use cancel() instead.", level = DeprecationLevel.ERROR)
    override fun terminate(): Unit = lease.invalidate("the session was terminated")

    private fun refuse(what: String, setting: String): Nothing =
        throw UnsupportedOperationException("$what cannot be set: the connection outlives the session; set $setting of the pool")

    // ---- the end ---------------------------------------------------------------------------------------------------------

    /** The block has ended well. */
    internal suspend fun finish() = sent.finish()

    /** No coroutine of the session is left: what it has taken from the lease and not handed on is nobody's. */
    internal fun leave() {
        isOver = true
        if (received.hasUnread) lease.invalidate("a frame was not taken from incoming")
        if (sender.isInMessage) lease.invalidate("a message was not finished")
    }

    /** The lease is no more. */
    internal fun released() {
        isReleased = true
        fence()?.let(endReason::completeExceptionally)
    }

    /** Why nothing can be done any more; null while it can. */
    private fun fence(): Throwable? = when {
        isReleased -> runCatching { lease.tryReceive() }.exceptionOrNull() // as it has ended, it says so, and takes nothing
        isOver -> IllegalStateException("The session on $lease has ended")
        else -> null
    }
}
