package dev.wspool.internal.group

import dev.wspool.BorrowRequest
import dev.wspool.Discovery
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.PoolClosedException
import dev.wspool.PoolGroup
import dev.wspool.WarmUpReport
import dev.wspool.internal.WarmingUp
import dev.wspool.internal.machine.plusSpan
import dev.wspool.transport.redacted
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlin.time.Duration

/** A group of the endpoints that [discovery] finds. */
internal class RealPoolGroup(room: GroupRoom, private val discovery: Discovery) :
    RealAnyGroup(room),
    PoolGroup {
    /** Undispatched: what is known at once is there at once. */
    private val watch = room.foreign.launch(start = CoroutineStart.UNDISPATCHED) {
        try {
            discovery.endpoints(room.failures).collect(::become)
        } catch (failure: Throwable) {
            currentCoroutineContext().ensureActive() // a cancellation that is not this coroutine's is the flow's own way to fail
            room.discoveryFailure = failure
            room.background.failed(IllegalStateException("The discovery has failed; what it found last stays", failure))
        }
    }

    init {
        room.foreign.launch(start = CoroutineStart.UNDISPATCHED) {
            room.awaitClosed()
            watch.cancel()
        }
    }

    private fun become(endpoints: Set<Endpoint>) {
        val present = room.mailbox.ask { room.members.filter { !it.isLeaving }.associateBy { it.endpoint } }
        for (endpoint in endpoints - present.keys) join(endpoint)
        room.mailbox.post {
            val now = room.now()
            val deadline = now.plusSpan(config.removalTimeout.inWholeNanoseconds)
            for (member in (present - endpoints).values) room.machine.fleet.leave(member, now, deadline)
        }
    }

    /** What is wrong with the settings of one endpoint keeps the others from nothing. */
    private fun join(endpoint: Endpoint) = try {
        val member = GroupMember(room, endpoint, endpoint, canBeEjected = true)
        room.mailbox.post { room.add(member) }
        room.settings.refresh(member)
    } catch (failure: Exception) { // the user's `each` may throw anything
        room.background.failed(IllegalArgumentException("$endpoint cannot be used: ${endpoint.redacted(failure).message}", failure))
    }

    override val isReady: Boolean get() = room.mailbox.ask { room.isReadyNow }

    override suspend fun awaitReady() = room.readiness.await()

    override suspend fun warmUp(countOfEach: Int): WarmUpReport {
        require(countOfEach >= 1) { "countOfEach must be at least 1, not $countOfEach" }
        val members = room.mailbox.ask { room.members.filter { !it.isLeaving && !it.isEjected } }
        val reports = coroutineScope { members.map { async { it.warmedUp(countOfEach) } }.awaitAll() }
        if (room.isClosed) throw room.closedException()
        return WarmUpReport(reports.sumOf { it.requested }, reports.sumOf { it.ready }, reports.flatMap { it.failures })
    }

    /** One that leaves meanwhile has nothing. */
    private suspend fun GroupMember.warmedUp(count: Int): WarmUpReport {
        val requested = minOf(count, pool.config.maxConnections)
        return try {
            WarmingUp(requested).on(pool)
        } catch (_: PoolClosedException) {
            WarmUpReport(requested, 0, emptyList())
        }
    }

    override suspend fun borrow(): Lease = lending.borrow(ANY)

    override suspend fun borrow(timeout: Duration): Lease = lending.borrow(BorrowRequest(timeout))

    override suspend fun borrow(request: BorrowRequest): Lease = lending.borrow(request)

    override fun tryBorrow(): Lease? = lending.tryBorrow()

    private companion object {
        val ANY = BorrowRequest()
    }
}
