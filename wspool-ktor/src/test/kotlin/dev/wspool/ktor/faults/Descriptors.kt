package dev.wspool.ktor.faults

import org.junit.jupiter.api.Assumptions.assumeTrue
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** The sockets that this process has a descriptor of, by the kernel's numbers. Linux tells; elsewhere who asks is skipped. */
internal object Descriptors {
    private val directory = Path.of("/proc/self/fd")

    fun sockets(): Set<String> {
        assumeTrue(Files.isDirectory(directory), "Only Linux shows a process its descriptors")
        return Files.newDirectoryStream(directory).use { all -> all.mapNotNull(::target).filterTo(HashSet()) { it.startsWith("socket:") } }
    }

    private fun target(descriptor: Path): String? = try {
        Files.readSymbolicLink(descriptor).toString()
    } catch (_: IOException) {
        null // closed meanwhile, as that of the directory itself
    }
}
