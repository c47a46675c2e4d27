package dev.wspool.internal

import dev.wspool.Endpoint
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.net.InetAddress
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Looks the host of [endpoint] up for one group, as [dev.wspool.DnsDiscovery] says. */
internal class HostWatch(
    private val endpoint: Endpoint,
    private val interval: Duration,
    private val minInterval: Duration,
    resolve: suspend (host: String) -> Collection<InetAddress>,
) {
    private val lookup = HostLookup(endpoint, resolve)

    /** Of many failures one is remembered. */
    private val failed = Channel<Unit>(Channel.CONFLATED)

    /** Never returns. [emit] is called in the caller's own coroutine, as a flow demands. */
    suspend fun watch(failures: Flow<Endpoint>, emit: suspend (Set<Endpoint>) -> Unit): Unit = coroutineScope {
        listen(failures)
        var known = first()
        emit(known)
        while (true) {
            pause()
            val found = lookup.endpoints() ?: continue
            if (found != known) {
                known = found
                emit(found)
            }
        }
    }

    /** Undispatched, so that no failure is missed. Those of other hosts, in a group of several, are others' to see to. */
    private fun CoroutineScope.listen(failures: Flow<Endpoint>) = launch(start = CoroutineStart.UNDISPATCHED) {
        failures.collect { if (it.host.equals(endpoint.host, ignoreCase = true)) failed.trySend(Unit) }
    }

    private suspend fun first(): Set<Endpoint> {
        val longest = minOf(interval, LONGEST_BACKOFF).coerceAtLeast(minInterval)
        var backoff = minInterval
        while (true) {
            lookup.endpoints()?.let { return it }
            delay(backoff)
            backoff = minOf(backoff * 2, longest)
        }
    }

    private suspend fun pause() {
        delay(minInterval)
        withTimeoutOrNull(interval - minInterval) { failed.receive() }
    }

    private companion object {
        val LONGEST_BACKOFF = 30.seconds
    }
}
