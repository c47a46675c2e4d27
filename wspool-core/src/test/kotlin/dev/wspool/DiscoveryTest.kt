package dev.wspool

import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** The plain discoveries. */
class DiscoveryTest {
    private val a = Endpoint("ws://a/")
    private val b = Endpoint("ws://b/")

    @Test
    fun fixedEndpointsAreToldOnceAndAllOfThem() = runTest {
        assertEquals(listOf(setOf(a, b)), Discovery.fixed(a, b, a).endpoints(emptyFlow()).toList())
        assertEquals("fixed needs an endpoint", assertFailsWith<IllegalArgumentException> { Discovery.fixed() }.message)
    }

    @Test
    fun aFlowIsToldAsItIs() = runTest {
        val sets = listOf(setOf(a), emptySet(), setOf(a, b))
        assertEquals(sets, Discovery.of(flowOf(*sets.toTypedArray())).endpoints(emptyFlow()).toList())
    }
}
