package dev.wspool.internal.machine

import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** What is due comes out in its order, whether it came in that order or not, and whoever has left meanwhile. */
class DeadlinesTest {
    private val deadlines = Deadlines()

    @Test
    fun whatIsDueComesOutInItsOrder() = repeat(SEEDS) { seed ->
        val random = Random(seed)
        val entered = ArrayList<Link>()
        val haste = random.nextInt(1, 100) // of those who are in to leave: small crowds and large ones
        for (now in 1L..STEPS) {
            when {
                random.nextInt(100) >= haste -> entered += add(now + if (random.nextInt(10) == 0) random.nextLong(90) else 50)
                entered.isNotEmpty() -> deadlines.remove(entered.removeAt(random.nextInt(minOf(entered.size, 20))))
            }
            val due = entered.filter { it.dueAt <= now }.sortedBy { it.dueAt }
            assertEquals(due.map { it.dueAt }, List(due.size) { deadlines.removeDue(now)!!.also(entered::remove).dueAt }, "seed $seed")
            assertNull(deadlines.removeDue(now))
            assertEquals(entered.minOfOrNull { it.dueAt } ?: NEVER, deadlines.first, "seed $seed")
            assertEquals(entered.size, deadlines.size)
            assertTrue(deadlines.isConsistent(), "seed $seed at $now")
        }
        entered.forEach(deadlines::remove)
        assertEquals(0, deadlines.size)
    }

    @Test
    fun thoseWhoHaveLeftTakeNoRoomBehindOneWhoStays() {
        val stays = add(1)
        repeat(1_000) { deadlines.remove(add(2)) }
        assertTrue(deadlines.isConsistent())
        assertSame(stays, deadlines.removeDue(1))
    }

    @Test
    fun aCrowdThatHasLeftTakesNoRoom() {
        val crowd = List(1_000) { add(it.toLong()) }
        crowd.shuffled(Random(1)).forEach {
            deadlines.remove(it)
            assertTrue(deadlines.isConsistent())
        }
        assertEquals(NEVER, deadlines.first)
    }

    @Test
    fun whatIsOutIsTakenOutInVain() {
        val first = add(1)
        add(2)
        repeat(2) { deadlines.remove(first) }
        deadlines.remove(object : Ticket() {})
        assertEquals(1, deadlines.size)
        assertEquals(2, deadlines.first)
    }

    @Test
    fun whatIsNeverDueIsNotIn() {
        add(NEVER)
        assertEquals(0, deadlines.size)
    }

    private fun add(dueAt: Long): Link = object : Ticket() {}.also { deadlines.add(it, dueAt) }

    private companion object {
        const val SEEDS = 50
        const val STEPS = 500L
    }
}
