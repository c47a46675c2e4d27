package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Code of the user's that a pool calls. Each call suspends as it likes, within its timeout; where it throws or takes too long,
 * the connection is closed, and `onBackgroundError` is told where nobody else is.
 *
 * In the life of a connection they come in this order: [beforeConnect], [onConnect], then for each lease [onBorrow] and
 * [onReturn], and [onClose] once. One that is not set costs nothing.
 */
public abstract class HookSettings internal constructor() : TransportSettings() {
    internal var hooks = Hooks()

    /**
     * Asked before each dial where, and with which headers, to connect to: the one provider of one-time URLs and of
     * credentials. Given the pool's own endpoint. Within `connectTimeout`.
     */
    public fun beforeConnect(hook: suspend (Endpoint) -> Endpoint) {
        hooks = hooks.copy(beforeConnect = hook)
    }

    /**
     * Called with each new connection, for the application's own handshake: log in, subscribe, read a greeting. The
     * connection can be lent only after it; its lease ends with it. Within `connectTimeout`.
     *
     * @param timeout how long it may take, within `connectTimeout`.
     */
    @JvmOverloads
    public fun onConnect(timeout: Duration = Duration.INFINITE, hook: suspend NewConnection.() -> Unit) {
        requirePositive("onConnect", timeout)
        hooks = hooks.copy(onConnect = hook, onConnectTimeout = timeout)
    }

    /**
     * Called before a connection is delivered to a borrower, within his own timeout. Where it returns false, throws or takes
     * too long, the connection is closed and the borrower, first in the queue, gets another. With it `tryBorrow` throws.
     *
     * @param timeout how long it may take.
     */
    @JvmOverloads
    public fun onBorrow(timeout: Duration = 5.seconds, hook: suspend Lease.() -> Boolean) {
        requirePositive("onBorrow", timeout)
        hooks = hooks.copy(onBorrow = hook, onBorrowTimeout = timeout)
    }

    /**
     * Called with a connection that was given back clean, after `release` has returned; it counts as leased until this
     * returns. Where it throws or takes too long the connection is closed.
     *
     * @param timeout how long it may take.
     */
    @JvmOverloads
    public fun onReturn(timeout: Duration = 5.seconds, hook: suspend Lease.() -> Unit) {
        requirePositive("onReturn", timeout)
        hooks = hooks.copy(onReturn = hook, onReturnTimeout = timeout)
    }

    /**
     * Called when a connection has left the pool, but not where the pool's parent was cancelled: its coroutines end with it.
     *
     * @param timeout how long it may take before it is cancelled.
     */
    @JvmOverloads
    public fun onClose(timeout: Duration = 5.seconds, hook: suspend (ClosedConnection) -> Unit) {
        requirePositive("onClose", timeout)
        hooks = hooks.copy(onClose = hook, onCloseTimeout = timeout)
    }

    /**
     * Called with what failed where no caller is told: a hook, a handler of unsolicited messages, a dial ahead of demand.
     *
     * @param timeout how long it may take before it is cancelled.
     */
    @JvmOverloads
    public fun onBackgroundError(timeout: Duration = 5.seconds, hook: suspend (Throwable) -> Unit) {
        requirePositive("onBackgroundError", timeout)
        hooks = hooks.copy(onBackgroundError = hook, onBackgroundErrorTimeout = timeout)
    }

    /**
     * Tells what a close code means for the rest of the pool; null leaves it to the defaults of [CloseAction]. Asked on the
     * engine's thread: it returns at once.
     */
    public fun onCloseCode(action: (CloseInfo) -> CloseAction?) {
        hooks = hooks.copy(closeAction = action)
    }

    /**
     * Recognises a message by which the server says that it will close the connection: it is not lent again, its lease goes
     * on, and a successor is opened. Asked for each message on the engine's thread: it returns at once.
     */
    public fun goAwayWhen(predicate: (Message) -> Boolean) {
        hooks = hooks.copy(isGoAway = predicate)
    }

    /**
     * True for what a block of `withConnection` may throw without having left its connection half-used. A cancellation always
     * has. Default: nothing.
     */
    public fun reuseAfterFailure(predicate: (Throwable) -> Boolean) {
        hooks = hooks.copy(isReusableAfter = predicate)
    }

    private fun requirePositive(name: String, timeout: Duration) =
        require(timeout.isPositive()) { "the timeout of $name must be positive, not $timeout" }
}

/** A connection as [HookSettings.onConnect] gets it. */
public interface NewConnection : Lease {
    /**
     * Gives the connection the name that the server has for it; [WebSocketPool.borrow] with an id finds it by that.
     *
     * @throws LeaseReleasedException after `onConnect` has ended.
     */
    public fun identify(id: ConnectionId)
}

/**
 * A connection that has left the pool, as [HookSettings.onClose] learns of it.
 *
 * @property id its name.
 * @property reason why it left.
 * @property closeInfo the close code, where the connection has ended; null where it was given away or given up.
 * @property openTime how long it was open.
 * @property uses how often it was lent.
 */
public class ClosedConnection internal constructor(
    public val id: ConnectionId,
    public val reason: DestroyReason,
    public val closeInfo: CloseInfo?,
    public val openTime: Duration,
    public val uses: Int,
) {
    override fun toString(): String = "Connection $id: $reason, ${closeInfo ?: "not ended"}, open for $openTime, used $uses times"
}
