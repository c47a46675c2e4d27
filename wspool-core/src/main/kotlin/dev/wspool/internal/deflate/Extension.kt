package dev.wspool.internal.deflate

/** One element of a `Sec-WebSocket-Extensions` header: a parameter's value is null where it has none. */
internal class Extension(val name: String, val parameters: List<Pair<String, String?>>)

/**
 * The extensions that header lines name, all together, as a header may come in several (RFC 6455, 9.1); null where they are
 * malformed. Elements of the list may be empty (RFC 9110, 5.6.1).
 */
internal fun parseExtensions(lines: List<String>): List<Extension>? = ExtensionParser(lines.joinToString(",")).parse()

/** `1#( token *( ";" token [ "=" ( token | quoted-string ) ] ) )`; a quoted string has to hold a token. */
private class ExtensionParser(private val text: String) {
    private var at = 0

    fun parse(): List<Extension>? {
        val extensions = ArrayList<Extension>()
        do {
            if (isNext(',') || at == text.length) continue
            extensions += extension() ?: return null
        } while (take(','))
        return extensions.takeIf { at == text.length }
    }

    private fun extension(): Extension? {
        val name = token() ?: return null
        val parameters = ArrayList<Pair<String, String?>>()
        while (take(';')) {
            val key = token() ?: return null
            val value = if (take('=')) token() ?: quoted() ?: return null else null
            parameters += key to value
        }
        return Extension(name, parameters)
    }

    private fun token(): String? {
        skipSpace()
        val start = at
        while (at < text.length && text[at].isTokenChar()) at++
        return text.substring(start, at).ifEmpty { null }
    }

    private fun quoted(): String? {
        if (!take('"')) return null
        val value = StringBuilder()
        while (at < text.length && text[at] != '"') {
            if (text[at] == '\\') at++
            if (at < text.length) value.append(text[at++])
        }
        return value.toString().takeIf { take('"') && it.isNotEmpty() && it.all { char -> char.isTokenChar() } }
    }

    private fun take(char: Char): Boolean = isNext(char).also { if (it) at++ }

    private fun isNext(char: Char): Boolean {
        skipSpace()
        return at < text.length && text[at] == char
    }

    private fun skipSpace() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t')) at++
    }
}

/** RFC 9110, 5.6.2. */
private fun Char.isTokenChar(): Boolean = this in 'a'..'z' || this in 'A'..'Z' || this in '0'..'9' || this in "!#$%&'*+-.^_`|~"
