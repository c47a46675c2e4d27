package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What [HookSettings] was told. */
internal data class Hooks(
    val beforeConnect: (suspend (Endpoint) -> Endpoint)? = null,
    val onConnect: (suspend NewConnection.() -> Unit)? = null,
    val onConnectTimeout: Duration = Duration.INFINITE,
    val onBorrow: (suspend Lease.() -> Boolean)? = null,
    val onBorrowTimeout: Duration = 5.seconds,
    val onReturn: (suspend Lease.() -> Unit)? = null,
    val onReturnTimeout: Duration = 5.seconds,
    val onClose: (suspend (ClosedConnection) -> Unit)? = null,
    val onCloseTimeout: Duration = 5.seconds,
    val onBackgroundError: (suspend (Throwable) -> Unit)? = null,
    val onBackgroundErrorTimeout: Duration = 5.seconds,
    val closeAction: ((CloseInfo) -> CloseAction?)? = null,
    val isGoAway: ((Message) -> Boolean)? = null,
    val isReusableAfter: ((Throwable) -> Boolean)? = null,
)
