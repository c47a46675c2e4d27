package dev.wspool.abi

import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * The public ABI of the module that this test runs in is the one in `api/<module>.api`, so that no change of it goes unseen
 * in a review. A change that is meant is written by `./mvnw test -Dabi.update=true`.
 */
class AbiTest {
    private val module = File(System.getProperty("basedir", ".")).absoluteFile.normalize()

    @Test
    fun publicAbiIsTheOneThatWasAgreed() {
        val agreed = module.resolve("api/${module.name}.api")
        val actual = dump(module.resolve("target/classes"))

        assertTrue(actual.isNotBlank(), "No public class in ${module.name}: an empty dump proves nothing")
        if (System.getProperty("abi.update").toBoolean()) {
            agreed.parentFile.mkdirs()
            agreed.writeText(actual)
        }
        assertTrue(agreed.isFile, "$agreed is missing: write it with ./mvnw test -Dabi.update=true")
        assertEquals(agreed.readText(), actual, "The public ABI of ${module.name} changed. If that is meant: ./mvnw test -Dabi.update=true")
    }

    /** The tool is given the class files one by one: given their directory it writes an empty dump. */
    private fun dump(classes: File): String {
        val files = classes.walk().filter { it.extension == "class" }.sorted().toList()
        val internals = setOf("dev.wspool.internal.**", "dev.wspool.ktor.internal.**")
        val filters = AbiFilters(emptySet(), internals, emptySet(), emptySet())
        return StringBuilder().also { AbiTools.getInstance().printJvmDump(it, files, filters) }.toString()
    }
}
