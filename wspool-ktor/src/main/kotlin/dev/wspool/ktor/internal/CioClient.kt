package dev.wspool.ktor.internal

import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.ConnectionListener
import io.ktor.client.HttpClient
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.job

/** A Ktor client, and what the calls that it carries have to know of one another. */
internal class CioClient(val http: HttpClient, val isOurs: Boolean = false) {
    private var calls = 0
    private var isRetired = false
    private val connecting = LinkedHashSet<ConnectionListener>()

    /** Completed when its engine has ended, and every socket that it held is closed. */
    val end: Job get() = http.engine.coroutineContext.job

    /** False where it takes no more calls. */
    @Synchronized
    fun begin(listener: ConnectionListener): Boolean {
        if (isRetired) return false
        calls++
        connecting += listener
        return true
    }

    /** A server has shown a certificate that was accepted: whose it is CIO does not say, so the oldest dial's. */
    fun secured() {
        synchronized(this) { connecting.firstOrNull()?.also { connecting -= it } }?.onPhase(ConnectPhase.Upgrade)
    }

    /** Its dial is over. */
    @Synchronized
    fun answered(listener: ConnectionListener) {
        connecting -= listener
    }

    /** A call is over. */
    fun finish() {
        if (synchronized(this) { --calls == 0 && isRetired }) cancel()
    }

    /** Takes no more calls, and ends with the last that it has. */
    fun retire() {
        val isIdle = synchronized(this) {
            isRetired = true
            calls == 0
        }
        if (isIdle) cancel()
    }

    /** Ends the selector, which frees even a socket whose writer is stuck: `HttpClient.close` would wait for it. */
    fun cancel() {
        http.close()
        http.engine.cancel()
    }
}
