package dev.wspool.ktor.soak

import dev.wspool.BorrowTimeoutException
import dev.wspool.Lease
import dev.wspool.ReceiveTimeoutException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

/** One of the many who call, one call after the other. */
internal class Caller(private val number: Int, seed: Long, private val pool: WebSocketPool, private val tally: Tally) {
    private val random = Random(seed + number)
    private var requests = 0

    suspend fun run(isOver: () -> Boolean) {
        while (!isOver()) {
            make(Call.by(random))
            delay(random.nextInt(MOST_THOUGHT).milliseconds)
        }
    }

    private suspend fun make(call: Call) = when {
        call.cancelledAfter != null -> coroutineScope {
            val calling = launch { exchange(call) }
            delay(call.cancelledAfter)
            calling.cancel()
        }
        call.patience != null -> withTimeoutOrNull(call.patience) { exchange(call) }
        else -> exchange(call)
    }

    private suspend fun exchange(call: Call) {
        var route: Route? = null
        try {
            pool.withConnection(call.borrowTimeout) {
                route = Route.of(this)
                repeat(call.requests) { ask(call) }
                delay(call.hold)
            }
        } catch (cancelled: CancellationException) {
            if (currentCoroutineContext().isActive) return tally.failed(cancelled, route)
            tally.own("cancelled")
            throw cancelled
        } catch (timeout: BorrowTimeoutException) {
            if (call.borrowTimeout < Call.BORROW_TIMEOUT) tally.own("a borrow's own timeout") else tally.failed(timeout, route)
        } catch (timeout: ReceiveTimeoutException) {
            if (call.receiveTimeout < Call.RECEIVE_TIMEOUT) tally.own("a receive's own timeout") else tally.failed(timeout, route)
        } catch (failure: Throwable) {
            tally.failed(failure, route)
        }
    }

    private suspend fun Lease.ask(call: Call) {
        val nonce = "$number/${requests++}/${random.nextLong()} "
        val request = if (call.size == 0) nonce else nonce.repeat(call.size / nonce.length)
        send(request)
        val reply = receiveText(call.receiveTimeout)
        if (reply == request) tally.answered() else tally.wrong(request, reply)
    }

    private companion object {
        /** In milliseconds, between two calls. */
        const val MOST_THOUGHT = 150
    }
}
