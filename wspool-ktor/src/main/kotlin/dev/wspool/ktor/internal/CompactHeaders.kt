package dev.wspool.ktor.internal

import io.ktor.http.Headers

/**
 * Headers as the bytes of one string, which is taken apart when somebody asks: an idle connection keeps them, thousands do, and a map of
 * lists takes six times as much.
 */
internal class CompactHeaders(headers: Headers) : AbstractMap<String, List<String>>() {
    private val lines: ByteArray = headers.entries()
        .joinToString("\n") { (name, values) -> values.joinToString("\n") { "$name:$it" } }
        .encodeToByteArray()

    override val entries: Set<Map.Entry<String, List<String>>>
        get() = lines.decodeToString().lineSequence()
            .filter { it.isNotEmpty() }
            .groupBy({ it.substringBefore(':') }, { it.substringAfter(':') })
            .entries
}
