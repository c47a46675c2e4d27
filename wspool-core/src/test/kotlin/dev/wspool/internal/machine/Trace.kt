package dev.wspool.internal.machine

/** The last lines of what has happened. Only a replay writes one: a line costs more than a step. */
internal class Trace {
    private val lines = ArrayDeque<String>()

    inline fun add(line: () -> String) = write(line())

    fun write(line: String) {
        if (lines.size == LENGTH) lines.removeFirst()
        lines += line
    }

    override fun toString(): String = lines.joinToString("\n")

    private companion object {
        const val LENGTH = 120
    }
}
