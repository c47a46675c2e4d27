package dev.wspool.samples.quickstart

import dev.wspool.PoolException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration
import kotlin.time.TimeSource

/** Sends lines through a [pool], [concurrency] of them at a time, each for [timeout] at most. */
class LineRunner(private val pool: WebSocketPool, private val concurrency: Int, private val timeout: Duration) {
    /** This is all that there is to the pool: borrow a connection, use it, and have it given back, whatever happens. */
    private suspend fun ask(line: Line, text: String): Reply {
        val start = TimeSource.Monotonic.markNow()
        return pool.withConnection(timeout) {
            withTimeout(timeout - start.elapsedNow()) {
                send(text)
                Reply(line, receiveText(), id, start.elapsedNow())
            }
        }
    }

    /**
     * Never asks twice: a line whose connection is lost may have reached the server, so it fails. Lines that still wait for a
     * connection do not, as long as the pool gets a new one in time.
     */
    private suspend fun answer(line: Line): Answer = try {
        if (line.text == null) Failure(line, line.problem) else ask(line, line.text)
    } catch (_: TimeoutCancellationException) {
        Failure(line, "no reply within $timeout")
    } catch (failed: PoolException) {
        if (isUnreachable()) throw UnreachableException(failed)
        Failure(line, failed.message.orEmpty().oneLine())
    }

    /** A server that is only slow to let us in is no reason to stop. */
    private fun isUnreachable(): Boolean = pool.stats.run { created == 0L && connectFailures > 0 }

    /**
     * Calls [report] for each of the [lines] in their order. Answers that come early wait for those before them; as at most a
     * window of lines is under way or waiting so, the memory is bounded, however many lines there are.
     *
     * @throws UnreachableException where a line fails, no connection was ever opened, and a dial has failed.
     */
    suspend fun run(lines: LineSource, report: (Answer) -> Unit): Unit = coroutineScope {
        val window = Channel<Deferred<Answer>>(WINDOW * concurrency)
        val free = Semaphore(concurrency)
        launch {
            while (true) {
                free.acquire()
                val line = lines.next() ?: break
                val answer = async {
                    try {
                        answer(line)
                    } finally {
                        free.release()
                    }
                }
                window.send(answer)
            }
            window.close()
        }
        for (answer in window) report(answer.await())
    }

    private companion object {
        /** How far lines may be ahead of a slow one, in multiples of what is under way. */
        const val WINDOW = 16
    }
}
