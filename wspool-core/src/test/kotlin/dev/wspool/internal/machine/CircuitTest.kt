package dev.wspool.internal.machine

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.seconds

/** When an endpoint is taken out of service: five failures within 30 s, unless told otherwise. */
class CircuitTest {
    private val circuit = Circuit(EjectionLimits(), { true }, {})

    private fun fail(vararg seconds: Int) = seconds.forEach { circuit.failed(it.seconds.inWholeNanoseconds) }

    @Test
    fun failuresWithinTheWindowEjectWheneverTheFirstCame() {
        fail(0, 29, 31, 32, 33)
        assertEquals(CircuitState.CLOSED, circuit.state)
        fail(34) // the fifth within five seconds
        assertEquals(CircuitState.OPEN, circuit.state)
    }

    @Test
    fun failuresFarApartEjectNobody() {
        fail(*IntArray(50) { it * 8 }) // four within any 30 s
        assertEquals(CircuitState.CLOSED, circuit.state)
    }

    @Test
    fun whatFailedBeforeItServedAgainDoesNotCount() {
        fail(0, 1, 2, 3, 4)
        circuit.tick(20.seconds.inWholeNanoseconds)
        circuit.connected(20.seconds.inWholeNanoseconds)
        fail(21, 22, 23, 24)
        assertEquals(CircuitState.CLOSED, circuit.state)
        fail(25)
        assertEquals(CircuitState.OPEN, circuit.state)
    }
}
