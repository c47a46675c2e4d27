package dev.wspool.internal

import dev.wspool.ConnectFailedException
import dev.wspool.WarmUpReport
import dev.wspool.internal.machine.WarmUp
import dev.wspool.internal.machine.warmUp
import kotlinx.coroutines.CompletableDeferred

/** A caller of `warmUp`, and what he will be told. */
internal class WarmingUp(private val requested: Int) : WarmUp(requested) {
    private val failures = ArrayList<ConnectFailedException>() // written in turns, read after the last
    val report = CompletableDeferred<WarmUpReport>()

    /** Waits for it; who goes before leaves what was opened to [pool]. */
    suspend fun on(pool: RealPool): WarmUpReport {
        pool.mailbox.post { pool.machine.warmUp(this, pool.now()) }
        try {
            return report.await().also { if (!it.isComplete && pool.isClosed) throw pool.closedException() }
        } finally {
            pool.mailbox.post { pool.machine.supply.warmUps.cancel(this) }
        }
    }

    override fun failed(failure: Throwable) {
        failures += failure as ConnectFailedException
    }

    fun over(ready: Int) {
        report.complete(WarmUpReport(requested, minOf(ready, requested), failures))
    }
}
