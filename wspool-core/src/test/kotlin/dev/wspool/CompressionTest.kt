package dev.wspool

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals

/** What compression can be told, and that nonsense is refused by name and value. */
class CompressionTest {
    @Test
    fun theDefaultsAreAsDocumented() {
        assertEquals(
            "Compression(minSize=1024, level=-1, clientNoContextTakeover=true, serverNoContextTakeover=false)",
            Compression().toString(),
        )
    }

    @Test
    fun nonsenseIsRefusedByNameAndValue() {
        refused("minSize must not be negative: -1") { Compression(minSize = -1) }
        for (level in listOf(-2, 0, 10)) {
            refused("level must be from 1 to 9, or -1 for the default, not $level") { Compression(level = level) }
        }
        for (level in listOf(-1, 1, 9)) assertEquals(level, Compression(minSize = 0, level = level).level)
    }

    @Test
    fun equalSettingsAreEqual() {
        assertEquals(Compression(1, 2, true, false), Compression(1, 2, true, false))
        assertEquals(Compression(1, 2).hashCode(), Compression(1, 2).hashCode())
        val others = listOf(Compression(2, 2), Compression(1, 3), Compression(1, 2, false), Compression(1, 2, true, true))
        for (other in others) assertNotEquals(Compression(1, 2, true, false), other)
        assertNotEquals<Any>(Compression(), "")
    }

    private fun refused(message: String, make: () -> Compression) =
        assertEquals(message, assertFailsWith<IllegalArgumentException> { make() }.message)
}
