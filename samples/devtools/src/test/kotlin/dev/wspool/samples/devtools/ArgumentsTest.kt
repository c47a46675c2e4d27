package dev.wspool.samples.devtools

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertContains
import kotlin.test.assertEquals

@Timeout(60)
class ArgumentsTest {
    @TempDir
    lateinit var directory: File

    @Test
    fun helpNamesEveryOption() {
        val run = Program("--help")
        val help = run.output.joinToString("\n")
        listOf("--chromium", "--out", "--pages", "--at-once", "--connections", "--timeout").forEach { assertContains(help, it) }
        assertEquals(0, run.status)
    }

    @Test
    fun unknownOption() = Program("--zzz").assertRefused(2, "no such option --zzz (try --help)")

    @Test
    fun noPages() =
        Program("--pages", "0").assertRefused(2, "invalid value for --pages: 0 is not in the valid range of 1 to 500. (try --help)")

    @Test
    fun timeoutThatIsNoTime() = Program("--timeout", "5 apples")
        .assertRefused(2, "invalid value for --timeout: not a time such as 500ms, 5s or 1m: 5 apples (try --help)")

    @Test
    fun browserThatIsNotThere() = Program("--chromium", "$directory/none")
        .assertRefused(2, "invalid value for --chromium: file \"$directory/none\" does not exist. (try --help)")

    @Test
    fun directoryThatIsAFile() = File(directory, "file").run {
        writeText("precious")
        Program("--out", "$this").assertRefused(2, "invalid value for --out: directory \"$this\" is a file. (try --help)")
        assertEquals("precious", readText())
    }

    @Test
    fun browserThatCannotBeStarted() = File(directory, "text").run {
        writeText("no program")
        val run = Program("--chromium", "$this", "--out", "$directory")
        assertEquals(1, run.status)
        assertContains(run.messages.single(), "devtools: cannot start $this (")
    }

    @Test
    fun browserThatRefusesToRunIsQuoted() {
        val browser = fakeBrowser(directory, "echo 'Running as root is not supported' >&2; exit 3")
        Program("--chromium", "$browser", "--out", "$directory").assertRefused(
            1,
            "$browser ended with status 3 before it said where DevTools listens; its last words: Running as root is not supported",
        )
    }

    @Test
    fun browserThatSaysNothingIsGivenUp() {
        val browser = fakeBrowser(directory, "exec sleep 100")
        Program("--chromium", "$browser", "--out", "$directory", "--timeout", "100ms")
            .assertRefused(1, "$browser has not said within 100ms where DevTools listens")
    }

    @Test
    fun browserThatDiesEndsTheRun() {
        val browser = fakeBrowser(
            directory,
            "echo 'DevTools listening on ws://127.0.0.1:1/devtools/browser/x' >&2; echo out of memory >&2; exit 9",
        )
        val run = Program("--chromium", "$browser", "--out", "$directory", "--pages", "1")
        val last = "devtools: $browser ended with status 9 before all pages were taken; its last words: out of memory"
        assertEquals(last, run.messages.last())
        assertEquals(1, run.status)
    }
}
