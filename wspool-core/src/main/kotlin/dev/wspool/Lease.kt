package dev.wspool

import dev.wspool.internal.RealLease
import kotlinx.coroutines.flow.Flow
import java.net.SocketAddress
import kotlin.time.Duration

/**
 * A borrowed connection. It is the holder's alone until [release]; after that every use throws [LeaseReleasedException].
 *
 * Several coroutines may use one lease: sends are atomic, and one may receive while others send. Two receivers at once
 * are a mistake and throw [IllegalStateException].
 *
 * At [release] the connection goes back only if its use ended cleanly. Cancelled, failed or running operations, a receive
 * that timed out with none that succeeded since, and messages that were received but not read make it *dirty*: it is
 * closed, and the next caller gets another. `withConnection` also counts a block that threw.
 *
 * The pool cannot know that a request is still open: who gives up between his send and his receive, and ends normally all
 * the same (`withTimeoutOrNull` around both), calls [invalidate], lest the late reply reach the next caller; or asks by [request], which knows.
 */
public interface Lease : AutoCloseable {
    /** Names the connection, not the lease: the same for each lease of one connection, unique in the pool. */
    public val id: ConnectionId

    /** True where the connection had been lent before. */
    public val isReused: Boolean

    /** How long the connection has been open. */
    public val openTime: Duration

    /** How the connection ended, or null while it is open. */
    public val closeInfo: CloseInfo?

    /** What the server answered when the connection was opened. */
    public val handshake: Handshake

    /** What its users want to remember of the connection: the same map for each lease of it, safe for concurrent use. */
    public val attributes: MutableMap<String, Any>

    /** The address of this end, or null where the engine does not tell. */
    public val localAddress: SocketAddress?

    /** The address of the peer, or null where the engine does not tell. */
    public val remoteAddress: SocketAddress?

    /**
     * Sends a text message; returns when the engine has taken it. A cancelled send makes the lease dirty.
     *
     * @throws ConnectionLostException where the connection has ended.
     * @throws LeaseReleasedException after [release].
     */
    public suspend fun send(text: String)

    /** Sends a binary message; the array must not change until this returns. Otherwise as [send] of a text. */
    public suspend fun send(bytes: ByteArray)

    /** Sends a message; otherwise as [send] of a text. */
    public suspend fun send(message: Message)

    /**
     * Waits for the next message. Cancelled, it loses none: the message is there for the next receive. Until one
     * succeeds, though, the lease is dirty.
     *
     * @throws ConnectionLostException where the connection has ended and all that came before is read.
     * @throws LeaseReleasedException after [release], also for a receiver that was waiting.
     * @throws IllegalStateException where another receive of this lease is waiting.
     */
    public suspend fun receive(): Message

    /**
     * As [receive], but at most for [timeout].
     *
     * @throws ReceiveTimeoutException where nothing came; the lease can be used on, and is dirty until a receive succeeds.
     */
    public suspend fun receive(timeout: Duration): Message

    /**
     * Waits for the next message, which must be text, and returns it; otherwise as [receive].
     *
     * @throws UnexpectedMessageException where it is binary: it has been read, and the lease can be used on.
     */
    public suspend fun receiveText(): String

    /** As [receiveText], but at most for [timeout]; then as [receive] with a timeout. */
    public suspend fun receiveText(timeout: Duration): String

    /**
     * Waits for the next message, which must be binary, and returns it; otherwise as [receive].
     *
     * @throws UnexpectedMessageException where it is text: it has been read, and the lease can be used on.
     */
    public suspend fun receiveBinary(): ByteArray

    /** As [receiveBinary], but at most for [timeout]; then as [receive] with a timeout. */
    public suspend fun receiveBinary(timeout: Duration): ByteArray

    /**
     * The messages as they come. It completes when the peer closes with 1000 or 1001 and fails with
     * [ConnectionLostException] otherwise. Cold, and to be collected by one collector at a time; what is not collected is
     * still there for the next.
     */
    public val messages: Flow<Message>

    /**
     * Sends a ping and waits for its pong.
     *
     * @param timeout how long at most.
     * @return the round trip's time.
     * @throws ReceiveTimeoutException where no pong came in time; it makes the lease dirty.
     * @throws UnsupportedOperationException where the engine shows no pongs.
     */
    public suspend fun ping(timeout: Duration = Duration.INFINITE): Duration

    /** Ends the lease and closes its connection, for a reason that is the holder's own. Harmless after [release]. */
    public fun invalidate(reason: String = "")

    /**
     * Takes the connection out of the pool for good: its place is free for another, and it is now the caller's to close.
     * This lease ends; the returned one goes on, keeps reading, and outlives the pool. Its [release] closes the connection.
     *
     * @throws LeaseReleasedException after [release].
     */
    public fun detach(): Lease

    /**
     * Gives the connection back. Plain and immediate, so that it works in `finally`; harmless when called again. It cannot
     * see an exception of the caller: call [invalidate] where the use failed in a way that the lease has not noticed.
     */
    public fun release()

    /** The same as [release], for `use`. */
    override fun close(): Unit = release()
}

/** Tells a lease that its user failed, so that the release that follows counts as dirty. */
@PublishedApi
internal fun Lease.failed(cause: Throwable) {
    if (this is RealLease) failed(cause) else invalidate(cause.javaClass.name)
}
