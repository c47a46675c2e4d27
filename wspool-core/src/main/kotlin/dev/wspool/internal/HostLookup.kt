package dev.wspool.internal

import dev.wspool.Endpoint
import dev.wspool.transport.redacted
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import java.net.InetAddress
import java.net.UnknownHostException
import kotlin.time.Duration.Companion.seconds

/** Looks one host up, time and again; the log is told when that begins to fail, and when it succeeds again. */
internal class HostLookup(private val endpoint: Endpoint, private val resolve: suspend (host: String) -> Collection<InetAddress>) {
    private var isFailing = false
    private var isKnown = false

    /** [endpoint] at each address of its host; null where the lookup failed. */
    suspend fun endpoints(): Set<Endpoint>? = try {
        addresses().mapTo(LinkedHashSet(), endpoint::at).also { succeeded() }
    } catch (failure: Throwable) {
        currentCoroutineContext().ensureActive() // a cancellation that is not this coroutine's is the resolver's own way to fail
        failed(failure)
        null
    }

    private suspend fun addresses(): Collection<InetAddress> {
        val found = withTimeoutOrNull(LONGEST) { resolve(endpoint.host) } ?: throw UnknownHostException("no answer within $LONGEST")
        if (found.isEmpty()) throw UnknownHostException("it has no address")
        return found
    }

    private fun succeeded() {
        if (isFailing) log.info("{}: the host can be looked up again", endpoint)
        isFailing = false
        isKnown = true
    }

    /** Once a warning; what fails for hours would else fill the log. */
    private fun failed(failure: Throwable) {
        val what = if (isKnown) "its last addresses stay" else "it is tried again, as no address is known"
        val text = "{}: the host cannot be looked up, {}: {}"
        val cause = endpoint.redacted(failure).toString()
        if (isFailing) log.debug(text, endpoint, what, cause) else log.warn(text, endpoint, what, cause)
        isFailing = true
    }

    private companion object {
        val LONGEST = 30.seconds
    }
}
