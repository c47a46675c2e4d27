package dev.wspool.internal

import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.suspendCancellableCoroutine
import java.net.InetAddress

/**
 * Asks the system's resolver, which blocks its thread and cannot be interrupted. Cancelled, it returns at once, and nobody waits for
 * the answer.
 *
 * @param addressesOf may block.
 */
internal suspend fun lookUp(
    host: String,
    addressesOf: (host: String) -> Array<InetAddress> = InetAddress::getAllByName,
): Collection<InetAddress> = suspendCancellableCoroutine { caller ->
    PoolThreads.foreign.asExecutor().execute { caller.resumeWith(runCatching { addressesOf(host).asList() }) }
}

private val IPV4 = Regex("""\d{1,3}(\.\d{1,3}){3}""")

/** True for an IP address, with which no name server has to do. */
internal val String.isIpLiteral: Boolean get() = ':' in this || IPV4.matches(this)
