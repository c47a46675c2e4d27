package dev.wspool.ktor.faults

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** The sockets that this process has a descriptor of, by the kernel's numbers. Linux tells; elsewhere none are known. */
internal object Descriptors {
    private val directory = Path.of("/proc/self/fd")

    fun sockets(): Set<String> {
        if (!Files.isDirectory(directory)) return emptySet()
        return Files.newDirectoryStream(directory).use { all -> all.mapNotNull(::target).filterTo(HashSet()) { it.startsWith("socket:") } }
    }

    private fun target(descriptor: Path): String? = try {
        Files.readSymbolicLink(descriptor).toString()
    } catch (_: IOException) {
        null // closed meanwhile, as that of the directory itself
    }
}
