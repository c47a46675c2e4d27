package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The list through its own elements. */
class ChainTest {
    private val chain = Chain<NamedTicket>()
    private val ann = NamedTicket("ann")
    private val bob = NamedTicket("bob")
    private val cat = NamedTicket("cat")

    init {
        listOf(ann, bob, cat).forEach(chain::addLast)
    }

    @Test
    fun elementsStandInTheOrderInWhichTheyCame() = assertChain(ann, bob, cat)

    @Test
    fun anyElementCanBeTakenOut() {
        chain.remove(bob)
        assertChain(ann, cat)
        chain.remove(cat)
        assertChain(ann)
        chain.addLast(bob)
        chain.remove(ann)
        assertChain(bob)
        chain.remove(bob)
        assertChain()
        assertTrue(chain.isEmpty())
    }

    @Test
    fun elementThatWasTakenOutHoldsOnToNothing() {
        listOf(bob, ann, cat).forEach { ticket ->
            chain.remove(ticket)
            assertNull(ticket.next)
            assertNull(ticket.previous)
        }
    }

    private fun assertChain(vararg tickets: NamedTicket) {
        val found = ArrayList<NamedTicket>()
        chain.forEach(found::add)
        assertEquals(tickets.toList(), found)
        assertEquals(tickets.size, chain.size)
        assertEquals(tickets.firstOrNull(), chain.first)
        assertEquals(tickets.lastOrNull(), chain.last)
    }
}
