package dev.wspool.ktor.faults

import org.junit.jupiter.api.DynamicContainer.dynamicContainer
import org.junit.jupiter.api.DynamicNode
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * Every fault of a peer at every moment of a connection's life, with every connector that can play it: afterwards the pool's
 * capacity is whole, the next borrow works, and no coroutine, socket or descriptor is left. What the caller is told, and how
 * the connection left, is in `docs/reliability.md`.
 */
class FaultMatrixTest {
    @TestFactory
    fun everyFaultAtEveryMoment(): List<DynamicNode> = Subject.ALL.map { subject ->
        val rig by lazy { Rig(subject) }
        val rows = ArrayList<String>()
        val tests = subject.cells().map { cell -> dynamicTest("$cell") { rows += "| ${cell.row} | ${rig.play(cell)} |" } }
        val isDocumented = dynamicTest("docs/reliability.md says so") { ReliabilityPage.assertSays(subject, rows) }
        val end = dynamicTest("no client has broken the protocol") { rig.close() }
        dynamicContainer("$subject", tests + isDocumented + end)
    }

    @Test
    fun theMatrixHasAtLeastSixtyCells() {
        val cells = Subject.ALL.first().cells()
        assertTrue(cells.size >= 60, "${cells.size} cells")
        assertEquals(cells.size, cells.distinctBy { it.row }.size, "Two cells have the same name")
    }

    /** What a cell leaves behind, be it a little, adds up. */
    @Test
    fun memoryIsFlat() {
        for (subject in Subject.ALL) {
            Rig(subject).use { rig ->
                val cells = subject.cells().filter { "$it" in REPEATED }
                assertTrue(cells.size > REPEATED.size / 2, "$cells")
                repeat(WARM_UP) { cells.forEach(rig::play) }
                // What leaks leaks each time; buffers that are kept for reuse, and what other tests have begun, come once.
                val growths = generateSequence { growth { repeat(ROUNDS) { cells.forEach(rig::play) } } }.take(MEASUREMENTS)
                val most = ROUNDS * cells.size * subject.mostPerCell
                val tooMuch = growths.takeWhile { it >= most }.toList()
                assertTrue(tooMuch.size < MEASUREMENTS, "$tooMuch bytes more, each after ${ROUNDS * cells.size} cells")
            }
        }
    }

    private fun growth(action: () -> Unit): Long {
        val before = usedMemory()
        action()
        return usedMemory() - before
    }

    private fun usedMemory(): Long {
        val runtime = Runtime.getRuntime()
        return (1..3).minOf {
            System.gc()
            runtime.totalMemory() - runtime.freeMemory()
        }
    }

    private companion object {
        val REPEATED = setOf(
            "503, while dialing",
            "RST in mid-fragment, while leased, reading",
            "Close 1011, while leased, writing",
            "invalid UTF-8, while idle",
            "late frame instead of a Close, while closing",
        )
        const val WARM_UP = 20
        const val ROUNDS = 60
        const val MEASUREMENTS = 3
    }
}
