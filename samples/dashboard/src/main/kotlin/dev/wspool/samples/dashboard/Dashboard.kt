package dev.wspool.samples.dashboard

import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import java.util.UUID

/** All that the page shows and steers: the upstream, the pool, its load, and who watches them. */
class Dashboard private constructor(
    private val upstream: Upstream,
    private val credentials: Credentials,
    private val scope: CoroutineScope,
) {
    private val run = UUID.randomUUID().toString()
    private val status = Status()
    private val journal = Journal()
    private val keeper = PoolKeeper(upstream.url, credentials, scope, journal::event)
    private val load = Load(keeper, status, scope)
    private val sampler = Sampler(keeper, load)
    private val commands = Commands(upstream, keeper, load, journal)

    /** The number of the last sample: there is news whenever it changes. */
    val news: StateFlow<Long> get() = sampler.last

    /** What there is to know for who knows the samples and events up to these numbers. */
    fun after(sample: Long, event: Long): Update = Update(
        run,
        sampler.after(sample),
        journal.after(event),
        status.rows(keeper.pool.report()),
        load.lastFailure,
        keeper.pool.config.shown(),
        Update.Controls(
            load.size,
            keeper.pool.config.maxConnections,
            upstream.isUp,
            upstream.isSlow,
            upstream.isHalfOpen,
            credentials.generation,
            keeper.phase,
        ),
    )

    /** The pool that is shown now. */
    val pool: WebSocketPool get() = keeper.pool

    /** As [Commands.obey]. */
    suspend fun obey(command: String): Outcome? = commands.obey(command)

    /** Closes the pool, and ends all that runs here. */
    suspend fun stop() {
        keeper.close()
        scope.coroutineContext.job.cancelAndJoin()
        upstream.kill()
        upstream.close()
    }

    companion object {
        private const val LOAD_AT_FIRST = 8

        /** Runs until [stop], as a child of [parent]. */
        suspend fun start(parent: CoroutineScope): Dashboard {
            val credentials = Credentials()
            val upstream = Upstream(credentials)
            upstream.start()
            val scope = parent + Job(parent.coroutineContext[Job])
            return Dashboard(upstream, credentials, scope).apply {
                load.resize(LOAD_AT_FIRST)
                scope.launch { sampler.run() }
            }
        }
    }
}
