package dev.wspool.samples.loadtest

import dev.wspool.PoolException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlin.time.Duration
import kotlin.time.TimeSource

/** Rounds of requests through a [pool], all of a round at the same time. */
class Rounds(
    private val pool: WebSocketPool,
    private val settings: Settings,
    private val conversation: Conversation,
    private val payload: Payload,
    private val recorder: Recorder,
    private val chaos: Chaos?,
    private val tell: (String) -> Unit,
) {
    suspend fun run() = coroutineScope {
        var trouble: Job? = null
        for (round in 1..settings.rounds) {
            trouble?.join() // one after the other
            val stats = pool.stats
            recorder.roundBegins(round, settings.concurrency, stats.idle)
            tell(roundBegins(round, settings.rounds, recorder.elapsed, stats.idle, stats.maxConnections))
            trouble = chaos?.dueIn(round, settings.rounds)?.let { fault -> launch { chaos.play(fault, round) } }
            coroutineScope { repeat(settings.concurrency) { launch { recorder.add(request()) } } }
            recorder.roundEnds()?.lines()?.forEach(tell)
            if (round < settings.rounds) {
                tell("  Waiting ${settings.interval} until next round...")
                delay(settings.interval)
            }
        }
    }

    /** Never made twice: a request whose connection is lost may have reached the server, so it fails. */
    private suspend fun request(): Outcome {
        val start = TimeSource.Monotonic.markNow()
        var connection: String? = null
        return try {
            // This is all that there is to the pool: borrow a connection, use it, and have it given back, whatever happens.
            pool.withConnection(settings.requestTimeout) {
                connection = id.value.oneLine()
                val waited: Duration = start.elapsedNow()
                val reply = conversation.ask(this, payload.next(), deadline = start + settings.requestTimeout)
                Answered(id.value.oneLine(), reply, waited, start.elapsedNow())
            }
        } catch (failed: PoolException) {
            NotAnswered(connection, failed)
        } catch (wrong: WrongReplyException) {
            NotAnswered(connection, wrong)
        }
    }
}
