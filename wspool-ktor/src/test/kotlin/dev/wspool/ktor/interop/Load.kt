package dev.wspool.ktor.interop

import dev.wspool.ConnectionLostException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Callers who ask all the time, each of whose requests is like no other. Of errors they bear the loss of a connection alone. */
internal class Load(private val pool: WebSocketPool) {
    private val replies = MutableStateFlow(List(CALLERS) { 0 })
    private val lost = AtomicInteger()

    @Volatile
    private var isOver = false

    /** Kills [peer] and starts it again, twice; each caller is served before, between and after. */
    suspend fun through(peer: Peer) = coroutineScope {
        val callers = launch { repeat(CALLERS) { call(it) } }
        repeat(RESTARTS) {
            awaitReplies()
            withContext(Dispatchers.IO) {
                peer.kill()
                peer.start()
            }
        }
        awaitReplies()
        isOver = true
        callers.join()
        val most = CONNECTIONS * RESTARTS
        assertTrue(lost.get() <= most, "${lost.get()} requests lost, more than the $most that had a connection: ${pool.stats}")
        assertTrue(pool.stats.created <= CONNECTIONS + most, "no connection is replaced without need: ${pool.stats}")
    }

    private fun CoroutineScope.call(caller: Int) = launch {
        var number = 0
        while (!isOver) {
            val request = "caller $caller, request ${number++}"
            try {
                val reply = pool.withConnection {
                    send(request)
                    receiveText()
                }
                assertEquals(request, reply)
                replies.update { counts -> counts.mapIndexed { who, count -> if (who == caller) count + 1 else count } }
            } catch (_: ConnectionLostException) {
                lost.incrementAndGet()
            }
        }
    }

    private suspend fun awaitReplies() {
        val now = replies.value
        replies.first { counts -> counts.indices.all { counts[it] >= now[it] + EACH } }
    }

    companion object {
        const val CONNECTIONS = 5
        private const val CALLERS = 20
        private const val EACH = 20
        private const val RESTARTS = 2
    }
}
