package dev.wspool.ktor.interop

import dev.wspool.CloseInfo
import kotlinx.coroutines.channels.Channel
import java.util.concurrent.ConcurrentHashMap

/** How connections ended as their server saw it. */
internal class Ends {
    private val paths = ConcurrentHashMap<String, Channel<CloseInfo>>()

    /** The end of a connection to [path]; each is told once, in any order. */
    suspend fun await(path: String): CloseInfo = of(path).receive()

    fun add(path: String, end: CloseInfo) {
        of(path).trySend(end)
    }

    /** Takes a line such as `closed /echo/1 1000 a reason`. */
    fun addLine(line: String) {
        if (!line.startsWith("closed ")) return
        val (_, path, code, reason) = line.split(" ", limit = 4)
        add(path, CloseInfo(code.toInt(), reason))
    }

    private fun of(path: String) = paths.computeIfAbsent(path) { Channel(Channel.UNLIMITED) }
}
