package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ThreadLocalRandom
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds

/**
 * Many callers with tiny timeouts on real threads, whatever they run on: what they are cancelled in is chance. Afterwards
 * the pool is whole, and when it is closed nothing is left.
 */
class CancellationStressTest {
    /** What callers run on. */
    enum class Callers { OnDefault, Unconfined, InRunBlocking, WithoutInterceptor }

    private val connector = FakeConnector(autoConnect = true) {
        it.echoes()
        it.closing = any(FakeBehavior.Works, FakeBehavior.Fails(), FakeBehavior.Slow(1.milliseconds), FakeBehavior.Works)
        it.answersClose = chance(0.95) // the others are aborted, in their time
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    fun nothingIsLostWhateverIsCancelledAndWhenever(callers: Callers) {
        connector.onDial = {
            when {
                chance(0.1) -> it.tryRefuse()
                chance(0.3) -> delay(1)
            }
        }
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) {
            maxConnections = 4
            connectTimeout = 100.milliseconds
        }
        when (callers) {
            Callers.OnDefault -> runBlocking(Dispatchers.Default) { repeat(32) { launch { rounds(100, pool) } } }
            Callers.Unconfined -> runBlocking(Dispatchers.Unconfined) { repeat(32) { launch { rounds(100, pool) } } }
            Callers.InRunBlocking -> List(8) { thread { runBlocking { rounds(200, pool) } } }.forEach(Thread::join)
            Callers.WithoutInterceptor -> List(8) { startRounds(200, pool) }.forEach { it.get() }
        }
        connector.onDial = {}
        runBlocking {
            while (pool.stats.leased > 0) yield() // what is on its way to a caller who is gone comes back by itself
            assertEquals(0, pool.stats.waiting, "${pool.stats}")
            pool.assertWhole()
            pool.assertNothingLeft(connector)
        }
    }

    private fun startRounds(count: Int, pool: WebSocketPool): CompletableFuture<Unit> {
        val done = CompletableFuture<Unit>()
        val noInterceptor = Continuation<Unit>(EmptyCoroutineContext) { result ->
            result.fold({ done.complete(Unit) }, { done.completeExceptionally(it) })
        }
        suspend { rounds(count, pool) }.startCoroutine(noInterceptor)
        return done
    }

    private suspend fun rounds(count: Int, pool: WebSocketPool) = repeat(count) { round ->
        try {
            if (chance(0.5)) {
                withTimeoutOrNull(any(0, 1, 2).milliseconds) { use(pool, "$round") }
            } else {
                coroutineScope {
                    val caller = launch { use(pool, "$round") }
                    repeat(any(0, 1, 10)) { yield() }
                    caller.cancel()
                }
            }
        } catch (_: PoolException) {
            // no connection in time
        } catch (_: BlockFailed) {
            // as it was to
        }
    }

    private suspend fun use(pool: WebSocketPool, text: String) {
        pool.withConnection(any(0, 1, 5_000).milliseconds) {
            send(text)
            assertEquals(text, receiveText(), "somebody else's reply")
            when {
                chance(0.1) -> throw BlockFailed()
                chance(0.2) -> delay(1)
                chance(0.2) -> yield()
            }
        }
    }

    private class BlockFailed : Exception()

    private companion object {
        fun chance(probability: Double) = ThreadLocalRandom.current().nextDouble() < probability

        fun <T> any(vararg choices: T): T = choices[ThreadLocalRandom.current().nextInt(choices.size)]
    }
}
