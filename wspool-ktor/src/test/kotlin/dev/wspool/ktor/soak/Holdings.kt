package dev.wspool.ktor.soak

import java.io.IOException
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path

/** What this process holds. */
internal object Holdings {
    private val directory = Path.of("/proc/self/fd")

    /**
     * How many descriptors of each kind: sockets, pipes, event polls. Files are left out, as a JVM opens its jars when it likes.
     * Linux tells; elsewhere there are none.
     */
    fun descriptors(): Map<String, Int> {
        if (!Files.isDirectory(directory)) return emptyMap()
        val targets = Files.newDirectoryStream(directory).use { all -> all.mapNotNull(::target) }
        return targets.filterNot { it.startsWith("/") }.groupingBy { it.substringBefore(":[") }.eachCount()
    }

    private fun target(descriptor: Path): String? = try {
        Files.readSymbolicLink(descriptor).toString()
    } catch (_: IOException) {
        null // closed meanwhile, as that of the directory itself
    }

    /** Bytes on the heap that are alive. */
    fun heap(): Long {
        repeat(COLLECTIONS) { System.gc() }
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
    }

    private const val COLLECTIONS = 4
}
