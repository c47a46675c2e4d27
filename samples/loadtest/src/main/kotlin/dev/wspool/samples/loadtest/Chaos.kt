package dev.wspool.samples.loadtest

import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Brings [faults][Fault] over a [server], one in every second round, in the middle of its requests. */
class Chaos(private val server: RequestServer, private val recorder: Recorder, private val tell: (String) -> Unit) {
    /** What is being done to the server, or null. */
    @Volatile
    var now: Fault? = null
        private set

    /** What is due in [round] of [rounds]. The first one is calm, for comparison, unless it is the only one. */
    fun dueIn(round: Int, rounds: Int): Fault? = when {
        rounds == 1 -> Fault.KILL
        round % 2 == 0 -> Fault.entries[(round / 2 - 1) % Fault.entries.size]
        else -> null
    }

    /** Returns when the server is well again. */
    suspend fun play(fault: Fault, round: Int) {
        withTimeoutOrNull(LONGEST_WAIT) { server.condition.awaitFrame() }
        val begun = recorder.elapsed
        now = fault
        fault.begin(server)
        tell("  [chaos] server ${fault.text}")
        delay(LENGTH)
        fault.end(server)
        now = null
        val length = recorder.elapsed - begun
        tell("  [chaos] server well again after ${length.inWholeMilliseconds}ms")
        recorder.disturbed(ChaosResult(fault.text, round, begun, length))
    }

    private companion object {
        val LENGTH: Duration = 700.milliseconds

        /** Where nobody is answered at all, that is no reason to spare the server. */
        val LONGEST_WAIT = 5.seconds
    }
}
