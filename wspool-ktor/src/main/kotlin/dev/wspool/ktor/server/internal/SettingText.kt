package dev.wspool.ktor.server.internal

import kotlin.time.Duration

/** What the configuration says under [key], the whole of it: one text, or a list of them. */
internal class SettingText(val key: String, private val texts: List<String>) {
    val list: List<String> get() = texts

    /** Never shown: it may be a secret. */
    val text: String get() = requireNotNull(texts.singleOrNull()) { "$key must be one text, not a list of ${texts.size}" }

    val wholeNumber: Int get() = text.toIntOrNull() ?: refuse("a whole number")

    val number: Double get() = text.toDoubleOrNull() ?: refuse("a number")

    val isTrue: Boolean get() = text.toBooleanStrictOrNull() ?: refuse("true or false")

    val span: Duration get() = Duration.parseOrNull(text) ?: refuse("a time, as 500ms, 1m 30s, Infinity or PT1.5S")

    fun <T> oneOf(choices: Map<String, T>): T = choices[text] ?: refuse("one of ${choices.keys.joinToString()}")

    inline fun <reified E : Enum<E>> constant(): E = oneOf(enumValues<E>().associateBy { it.name })

    /** Puts the key in front of what refuses what is [made][make] of the text. */
    inline fun <T> checked(make: () -> T): T = try {
        make()
    } catch (refused: IllegalArgumentException) {
        throw IllegalArgumentException("$key: ${refused.message}", refused)
    }

    private fun refuse(wanted: String): Nothing = throw IllegalArgumentException("$key must be $wanted, not \"$text\"")
}
