package dev.wspool.internal.machine

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The machine decides, and does nothing: its sources know of nothing that could be done with. */
class MachinePackageTest {
    private val sources = File("src/main/kotlin/dev/wspool/internal/machine").listFiles { file -> file.extension == "kt" }.orEmpty()

    @Test
    fun sourcesAreWhereTheyAreLookedFor() {
        assertTrue(sources.any { it.name == "PoolMachine.kt" }, "No PoolMachine.kt from ${File("").absolutePath}")
    }

    @Test
    fun machineImportsKotlinOnly() = assertNoLine { it.startsWith("import ") && !it.startsWith("import kotlin.") }

    @Test
    fun machineHasNoCoroutineClockOrRandom() {
        val foreign = Regex("""\b(suspend|nanoTime|currentTimeMillis|Random|TimeSource|Clock|println|java\.\w+|kotlinx\.\w+)\b""")
        assertNoLine { foreign.containsMatchIn(it.substringBefore("//")) }
    }

    private fun assertNoLine(isForeign: (String) -> Boolean) {
        val found = sources.flatMap { file ->
            file.readLines().filterNot { it.trim().startsWith("*") }.filter(isForeign).map { "${file.name}: $it" }
        }
        assertEquals(emptyList(), found)
    }
}
