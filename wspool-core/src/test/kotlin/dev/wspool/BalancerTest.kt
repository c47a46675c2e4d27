package dev.wspool

import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** Balancers are pure functions of what they are shown. */
class BalancerTest {
    private fun endpoint(number: Int, leases: Int = 0, roundTrip: Duration = Duration.ZERO, capacity: Int = 10) =
        EndpointLoad(Endpoint("ws://host$number"), capacity, leases, idle = 0, connecting = 0, roundTrip)

    private fun choice(endpoints: List<EndpointLoad>, number: Long = 0, chance: Long = 0, key: Any? = null) =
        BalancerChoice(endpoints, number, chance, key?.let { AffinityKey(it) })

    private val idle = List(4) { endpoint(it) }

    @Test
    fun roundRobinGoesOneAfterTheOther() =
        assertEquals(listOf(0, 1, 2, 3, 0), List(5) { Balancer.RoundRobin.choose(choice(idle, number = it.toLong())) })

    @Test
    fun leastLeasedTakesTheOneOfWhichTheSmallestPartIsInUse() {
        val endpoints = listOf(endpoint(0, leases = 2), endpoint(1, leases = 3, capacity = 100), endpoint(2, leases = 1))
        assertEquals(1, Balancer.LeastLeased.choose(choice(endpoints)))
    }

    @Test
    fun twoChoicesTakeTheFasterAndTheLessLeasedOfTwo() {
        val busy = endpoint(2, leases = 9, roundTrip = 1.milliseconds)
        val endpoints = listOf(endpoint(0, roundTrip = 50.milliseconds), endpoint(1, roundTrip = 1.milliseconds), busy)
        val counts = IntArray(3)
        val random = Random(1)
        repeat(3_000) { counts[Balancer.PowerOfTwoChoices.choose(choice(endpoints, chance = random.nextLong()))]++ }
        assertEquals(0, counts[0], "it is slower than either")
        assertTrue(counts[1] in 1_800..2_200 && counts[2] in 800..1_200, "${counts.toList()}")
        assertEquals(0, Balancer.PowerOfTwoChoices.choose(choice(listOf(endpoint(0)), chance = -1)))
    }

    @Test
    fun whoseRoundTripIsUnknownIsNotTakenForTheFastest() {
        val known = List(3) { endpoint(it, leases = 1, roundTrip = 20.milliseconds) }
        val random = Random(1)
        val full = endpoint(3, leases = 10, capacity = 10)
        repeat(400) { assertNotEquals(3, Balancer.PowerOfTwoChoices.choose(choice(known + full, chance = random.nextLong()))) }
    }

    @Test
    fun ofEqualsOneAfterTheOtherIsTaken() =
        assertEquals(listOf(0, 1, 2, 3, 0), List(5) { Balancer.LeastLeased.choose(choice(idle, number = it.toLong())) })

    @Test
    fun endpointsOfOneUrlShareTheKeys() {
        val choices = listOf("x", "y").map { EndpointLoad(Endpoint("ws://a", mapOf("X-Shard" to it)), 10, 0, 0, 0, Duration.ZERO) }
        assertEquals(setOf(0, 1), (1..100).map { Balancer.ConsistentHash.choose(choice(choices, key = "user $it")) }.toSet())
    }

    @Test
    fun ofConsistentHashOnlyTheKeysOfTheOneThatIsGoneMove() {
        val before = (0 until 1_000).associateWith { idle[Balancer.ConsistentHash.choose(choice(idle, key = "user $it"))].endpoint }
        val left = idle.drop(1)
        val after = before.keys.associateWith { left[Balancer.ConsistentHash.choose(choice(left, key = "user $it"))].endpoint }
        val moved = before.filter { (key, endpoint) -> after[key] != endpoint }
        assertTrue(moved.values.all { it == idle[0].endpoint })
        for (endpoint in idle) assertTrue(before.values.count { it == endpoint.endpoint } in 180..320, "${endpoint.endpoint}")
    }
}
