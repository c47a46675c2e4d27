package dev.wspool

import org.junit.jupiter.api.extension.AfterEachCallback
import org.junit.jupiter.api.extension.BeforeEachCallback
import org.junit.jupiter.api.extension.ExtensionContext
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.util.concurrent.CopyOnWriteArraySet
import kotlin.test.assertEquals

/**
 * What a test makes the pool log: it must be logged, and does not clutter the log of the build. Whatever else goes to
 * `System.err`, where slf4j-simple writes, is shown when the test is over.
 *
 * ```
 * @JvmField
 * @RegisterExtension
 * internal val log = ExpectedLog()
 * ```
 */
internal class ExpectedLog :
    BeforeEachCallback,
    AfterEachCallback {
    private val expected = CopyOnWriteArraySet<String>()
    private val written = ByteArrayOutputStream()
    private lateinit var console: PrintStream

    /** An entry, or as many as there are, whose message and, on a second line, exception contain [text]. */
    fun expect(text: String) {
        expected += text
    }

    /** How many lines with [text] there are by now. */
    fun count(text: String): Int = written.toString().lines().count { text in it }

    override fun beforeEach(context: ExtensionContext) {
        console = System.err
        System.setErr(PrintStream(written, true))
    }

    override fun afterEach(context: ExtensionContext) {
        System.setErr(console)
        val met = HashSet<String>()
        for (entry in entries(written.toString().lines().dropLastWhile(String::isEmpty))) {
            val known = entry.joinToString("\n").let { text -> expected.filter { it in text } }
            if (known.isEmpty()) entry.forEach(console::println) else met += known
        }
        assertEquals(expected.toSet(), met, "logged")
    }

    /** Each line with the stack trace that belongs to it. */
    private fun entries(lines: List<String>): List<List<String>> {
        val entries = ArrayList<MutableList<String>>()
        for (line in lines) {
            val last = entries.lastOrNull()
            val isMore = line.startsWith("\t") || line.startsWith("Caused by: ") || (last?.size == 1 && THROWABLE.matches(line))
            if (isMore && last != null) last += line else entries += arrayListOf(line)
        }
        return entries
    }

    private companion object {
        val THROWABLE = Regex("""[\w.$]+(Exception|Error)(: .*)?""")
    }
}
