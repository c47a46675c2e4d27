package dev.wspool.samples.loadtest

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.RandomAccessFile
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
        OPTIONS.forEach { assertContains(help, "  $it") }
        assertContains(help, "WSPOOL_LOADTEST_REQUEST_TIMEOUT")
        assertEquals(0, run.status)
    }

    @Test
    fun unknownOption() = Program("--zzz").assertRefused(2, "no such option --zzz (try --help)")

    @Test
    fun noRounds() =
        Program("--rounds", "0").assertRefused(2, "invalid value for --rounds: 0 is not in the valid range of 1 to 10000. (try --help)")

    @Test
    fun timeThatIsNone() = Program("--interval", "5 apples")
        .assertRefused(2, "invalid value for --interval: not a time such as 500ms, 5s or 1m: 5 apples (try --help)")

    @Test
    fun requestMayNotTakeNoTimeAtAll() = Program("--request-timeout", "0s")
        .assertRefused(2, "invalid value for --request-timeout: not a time such as 500ms, 5s or 1m: 0s (try --help)")

    @Test
    fun keyGoesNowhereElse() = Program("--auth", "cookie")
        .assertRefused(2, "invalid value for --auth: invalid choice: cookie. (choose from header, query) (try --help)")

    @Test
    fun whatIsForTheEmbeddedServerIsForNoOther() = listOf("--frames=2", "--frame-interval=1ms", "--chaos").forEach {
        val name = it.substringBefore('=')
        Program("--url", "ws://127.0.0.1:1", it)
            .assertRefused(2, "$name is for the embedded server, not for that of --url (try --help)")
    }

    @Test
    fun repliesOfTheEmbeddedServerAreNotCounted() = Program("--replies", "1")
        .assertRefused(2, "--replies is for the server of a --url, not for the embedded one (try --help)")

    @Test
    fun urlThatIsNone() {
        val said = "invalid value for --url: url must begin with ws:// or wss://, not http: (try --help)"
        Program("--url", "http://user:s3cret@127.0.0.1/?api_key=s3cret").assertRefused(2, said)
    }

    @Test
    fun inputThatIsNotThere() = Program("--input", "$directory/none")
        .assertRefused(2, "invalid value for --input: file \"$directory/none\" does not exist. (try --help)")

    @Test
    fun inputThatIsTooLarge() = File(directory, "large").run {
        RandomAccessFile(this, "rw").use { it.setLength((16L shl 20) + 1) }
        Program("--input", "$this").assertRefused(2, "cannot use --input: $this has more than 16,777,216 bytes")
    }

    @Test
    fun resultsThatCannotBeWrittenAreRefusedAtOnce() = Program("--json", "$directory/none/results.json")
        .assertRefused(2, "invalid value for --json: there is no directory $directory/none (try --help)")

    private companion object {
        val OPTIONS = listOf(
            "--pool", "--rounds", "--concurrency", "--interval", "--request-timeout", "--session-ttl", "--input", "--auth", "--api-key",
            "--url", "--replies", "--frames", "--frame-interval", "--chaos", "--json",
        )
    }
}
