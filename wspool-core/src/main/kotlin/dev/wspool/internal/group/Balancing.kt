package dev.wspool.internal.group

import dev.wspool.AffinityKey
import dev.wspool.Balancer
import dev.wspool.BalancerChoice
import dev.wspool.EndpointLoad
import dev.wspool.internal.machine.Call
import dev.wspool.internal.machine.Chooser
import dev.wspool.internal.machine.Member

/**
 * Asks the group's [Balancer]. The library's own run in the turn; the user's run in the caller's coroutine, as nothing foreign runs in a
 * turn, and where a caller has to be given to another endpoint later, the least loaded gets him.
 */
internal class Balancing(private val room: GroupRoom) : Chooser {
    private val balancer get() = room.config.balancer
    private val isOwn get() = balancer in OWN

    override fun choose(candidates: List<Member>, call: Call, number: Long): Member =
        if (isOwn) candidates[balancer.choose(choice(candidates, call.key, number))] else candidates.minBy { it.load }

    /** Outside of a turn, for a caller who is known by [key]: whom the user's own balancer wants, or null where it is to be asked in a turn. */
    fun chooseAhead(key: AffinityKey?): Member? {
        if (isOwn) return null
        val (candidates, choice) = room.mailbox.ask {
            val candidates = room.machine.candidates(room.now())
            candidates to choice(candidates, key, room.machine.nextChoice())
        }
        if (candidates.isEmpty()) return null
        return try {
            candidates[balancer.choose(choice)]
        } catch (failure: Throwable) {
            room.background.failed(failure)
            null
        }
    }

    private fun choice(candidates: List<Member>, key: Any?, number: Long) =
        BalancerChoice(candidates.map { it.toLoad() }, number, room.config.common.random.nextLong(), key as AffinityKey?)

    private fun Member.toLoad() = EndpointLoad(
        endpoint = (this as GroupMember).endpoint,
        capacity = machine.capacity * machine.limits.leasesPerConnection,
        leases = roster.leases + wanted,
        idle = roster.idle.size,
        connecting = roster.connecting,
        roundTrip = pool.gauges.roundTrips.mean,
    )

    private companion object {
        val OWN = setOf(Balancer.RoundRobin, Balancer.LeastLeased, Balancer.PowerOfTwoChoices, Balancer.ConsistentHash)
    }
}
