package dev.wspool.ktor.faults

import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.assertEquals

/** `docs/reliability.md`, which has for each connector a table of its cells and what came of them. */
internal object ReliabilityPage {
    private val file = Path.of("../docs/reliability.md")
    private const val HEAD = "| fault | while | the caller is told | the connection left as |\n|---|---|---|---|\n"

    /** Fails where the table of [subject] has not these [rows], with the table that it has to have. */
    fun assertSays(subject: Subject, rows: List<String>) {
        val begin = "<!-- cells of $subject -->\n"
        val end = "<!-- end of cells -->\n"
        val table = HEAD + rows.joinToString("") { "$it\n" }
        val said = Files.readString(file).substringAfter(begin, "").substringBefore(end)
        assertEquals(table, said, "docs/reliability.md has to say:\n$begin$table$end")
    }
}
