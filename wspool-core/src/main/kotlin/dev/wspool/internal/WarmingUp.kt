package dev.wspool.internal

import dev.wspool.ConnectFailedException
import dev.wspool.WarmUpReport
import dev.wspool.internal.machine.WarmUp
import kotlinx.coroutines.CompletableDeferred

/** A caller of `warmUp`, and what he will be told. */
internal class WarmingUp(private val requested: Int) : WarmUp(requested) {
    private val failures = ArrayList<ConnectFailedException>() // written in turns, read after the last
    val report = CompletableDeferred<WarmUpReport>()

    override fun failed(failure: Throwable) {
        failures += failure as ConnectFailedException
    }

    fun over(ready: Int) {
        report.complete(WarmUpReport(requested, minOf(ready, requested), failures))
    }
}
