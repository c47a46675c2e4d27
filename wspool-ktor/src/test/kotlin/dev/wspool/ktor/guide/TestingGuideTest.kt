package dev.wspool.ktor.guide

import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.assertEquals

class TestingGuideTest {
    /** The example of the page is [PricesTest], which compiles and runs. */
    @Test
    fun theExampleInTheGuideIsATestOfOurs() {
        val code = Files.readString(Path.of("src/test/kotlin/dev/wspool/ktor/guide/PricesTest.kt")).substringAfter("\n\n")
        val page = Files.readString(Path.of("../docs/testing.md"))
        assertEquals(code, page.substringAfter("```kotlin\n").substringBefore("```\n"), "The example in docs/testing.md has to be")
    }
}
