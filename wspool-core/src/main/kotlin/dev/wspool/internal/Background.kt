package dev.wspool.internal

import dev.wspool.Hooks
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration

/**
 * Runs the user's code that no caller waits for, each piece on its own and within its time.
 *
 * @param name whose it is, a pool's or a group's.
 * @param redact takes out of a failure's text what may be secret.
 */
internal class Background(
    private val name: String,
    private val foreign: CoroutineScope,
    private val redact: (Throwable) -> Throwable,
    private val hooks: () -> Hooks,
) {

    /** Runs [code]; where it fails or takes longer than [timeout], `onBackgroundError` is told, but not of itself. */
    fun run(what: String, timeout: Duration, code: suspend () -> Unit) {
        foreign.launch { attempt(what, timeout, code) }
    }

    /** As [run], within the caller. True where [code] has ended well. */
    suspend fun attempt(what: String, timeout: Duration, code: suspend () -> Unit): Boolean = try {
        val isDone = withTimeoutOrNull(timeout) {
            code()
            true
        }
        if (isDone == null) failed(HookTimeoutException("$what of $name was not done within $timeout"))
        isDone == true
    } catch (failure: Throwable) {
        currentCoroutineContext().ensureActive() // a cancellation that is not this coroutine's is the code's own way to fail
        failed(failure)
        false
    }

    /** What a [predicate] of the user's says; where it throws, [otherwise]: who asks, an engine's reader or a release, must go on. */
    inline fun <T> ask(otherwise: T, predicate: () -> T): T = try {
        predicate()
    } catch (failure: Throwable) {
        failed(failure)
        otherwise
    }

    /** Something has failed of which nobody else is told. */
    fun failed(failure: Throwable) {
        val shown = redact(failure)
        val hooks = hooks()
        val tell = hooks.onBackgroundError ?: return log.warn("{}: {}", name, shown.toString())
        foreign.launch {
            try {
                val timeout = hooks.onBackgroundErrorTimeout
                withTimeoutOrNull(timeout) { tell(failure) }
                    ?: log.warn("{}: onBackgroundError was not done within {}", name, timeout)
            } catch (second: Throwable) {
                currentCoroutineContext().ensureActive()
                log.warn("{}: onBackgroundError failed", name, redact(second))
            }
        }
    }
}

/** A hook of the user's took longer than it may. */
internal class HookTimeoutException(message: String) : RuntimeException(message)
