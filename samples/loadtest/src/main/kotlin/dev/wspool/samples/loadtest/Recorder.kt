package dev.wspool.samples.loadtest

import kotlin.time.Duration
import kotlin.time.TimeSource

/** Adds up what comes of the requests, which are under way on several threads; and can be asked meanwhile. */
class Recorder(timeSource: TimeSource = TimeSource.Monotonic) {
    private val start = timeSource.markNow()
    private val finishedRounds = mutableListOf<RoundResult>()
    private val failures = LinkedHashMap<String, FailureCount>()
    private val disturbances = mutableListOf<ChaosResult>()
    private val uses = LinkedHashMap<String, Int>()
    private val whole = LatencyRecorder()
    private val waits = LatencyRecorder()
    private val firstFrames = LatencyRecorder()
    private var round: RoundRecorder? = null
    private var ok = 0
    private var unfinished = 0
    private var frames = 0L
    private var bytes = 0L

    var failed = 0
        @Synchronized get
        private set

    /** How many of the [failed] got a reply that was not theirs, or none by the protocol. */
    var wrong = 0
        @Synchronized get
        private set

    /** Since the start. */
    val elapsed: Duration get() = start.elapsedNow()

    @Synchronized
    fun roundBegins(number: Int, requests: Int, available: Int) {
        round = RoundRecorder(number, requests, available, elapsed)
    }

    @Synchronized
    fun add(outcome: Outcome) {
        outcome.connection?.let { uses.merge(it, 1, Int::plus) }
        when (outcome) {
            is Answered -> {
                ok++
                frames += outcome.reply.frames
                bytes += outcome.reply.bytes
                whole.add(outcome.time)
                waits.add(outcome.waited)
                firstFrames.add(outcome.reply.firstFrame)
                round?.answered(outcome.time)
            }

            is NotAnswered -> {
                failed++
                if (outcome.cause is WrongReplyException) wrong++
                val cause = FailureCount.of(outcome.cause)
                failures.merge(cause.type, cause) { sofar, _ -> sofar.copy(count = sofar.count + 1) }
                round?.failed(cause)
            }
        }
    }

    /** Also of one that was interrupted. Null where none has begun. */
    @Synchronized
    fun roundEnds(): RoundResult? {
        val result = round?.result(elapsed) ?: return null
        round = null
        unfinished += result.unfinished
        finishedRounds += result
        return result
    }

    @Synchronized
    fun disturbed(by: ChaosResult) {
        disturbances += by
    }

    @Synchronized
    fun live() = Live(round?.number ?: finishedRounds.size, round?.requests ?: 0, round?.done ?: 0, ok, failed, whole.live())

    /** @param connections what became of each connection, without its requests, which are counted here. */
    @Synchronized
    fun requests(connections: List<ConnectionResult>) = RequestResults(
        totalTime = elapsed,
        rounds = finishedRounds.toList(),
        ok = ok,
        failed = failed,
        wrong = wrong,
        unfinished = unfinished,
        frames = frames,
        bytes = bytes,
        latency = whole.result(),
        waited = waits.result(),
        firstFrame = firstFrames.result(),
        failures = failures.values.sortedByDescending { it.count },
        chaos = disturbances.toList(),
        connections = connections.map { it.copy(requests = uses[it.id] ?: 0) },
    )
}
