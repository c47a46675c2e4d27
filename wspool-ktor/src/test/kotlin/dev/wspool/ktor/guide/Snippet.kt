package dev.wspool.ktor.guide

import java.io.File

/** A fenced block of code in one of the project's Markdown files. [line] is that of its first line of code. */
internal class Snippet(val page: File, val line: Int, val language: String, val code: String) {
    override fun toString() = "${page.name}:$line"

    companion object {
        private val root = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "wspool-core").isDirectory }

        /** All of the README and of docs, in [language]. */
        fun all(language: String): List<Snippet> {
            val pages = listOf(File(root, "README.md")) + File(root, "docs").listFiles { file -> file.extension == "md" }!!.sorted()
            return pages.flatMap(::of).filter { it.language == language }
        }

        private fun of(page: File): List<Snippet> {
            val lines = page.readLines()
            val fences = lines.indices.filter { lines[it].startsWith("```") }
            check(fences.size % 2 == 0) { "$page: a block of code is not closed" }
            return fences.chunked(2) { (open, close) ->
                Snippet(page, open + 2, lines[open].removePrefix("```"), lines.subList(open + 1, close).joinToString("\n"))
            }
        }
    }
}
