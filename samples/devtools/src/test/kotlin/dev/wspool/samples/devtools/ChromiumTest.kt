package dev.wspool.samples.devtools

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

@Timeout(60)
class ChromiumTest {
    @TempDir
    lateinit var directory: File

    @Test
    fun noneOnThePathSaysWhatToDo() {
        val failure = assertFailsWith<ChromiumException> { ChromiumProgram.find("$directory") }
        assertEquals("found no chromium on the PATH: apt-get install chromium, or name one with --chromium PATH", failure.message)
    }

    @Test
    fun firstOnThePathThatCanBeRun() {
        val text = File(directory, "chromium").apply { writeText("") }
        val chrome = File(directory, "google-chrome").apply { setExecutable(createNewFile()) }
        assertEquals(chrome, ChromiumProgram.find("/nowhere:${text.parent}"))
    }

    @Test
    fun stoppedItLeavesNeitherAProcessNorAProfile() = runBlocking {
        val facts = File(directory, "facts")
        val script = """
            echo "${'$'}1" > $facts
            sleep 100 &
            echo "${'$'}!" >> $facts
            echo 'noise' >&2
            echo 'DevTools listening on ws://127.0.0.1:9/devtools/browser/x' >&2
            wait
        """.trimIndent()
        val browser = Chromium.start(fakeBrowser(directory, script), 20.seconds)
        val (argument, helper) = facts.readLines()
        val profile = File(argument.removePrefix("--user-data-dir="))
        assertEquals("ws://127.0.0.1:9/devtools/browser/x", browser.url)
        assertEquals("ws://127.0.0.1:9/devtools/page/abc", browser.urlOf("abc"))
        assertContains(argument, "--user-data-dir=")
        assertTrue(profile.isDirectory)
        File(profile, "Local State").writeText("{}")
        browser.stop()
        assertFalse(profile.exists())
        assertTrue(ProcessHandle.of(helper.toLong()).map { !it.isAlive }.orElse(true))
    }
}
