package dev.wspool.transport

import dev.wspool.Compression
import java.io.File
import java.lang.management.ManagementFactory

/** The figures of `docs/compression.md`, for the machine it runs on. Linux, as it asks `/proc` for the memory of the process. */
internal object DeflateCost {
    private const val CONNECTIONS = 1_000

    /** All that was measured stays open: memory that one round has freed would hide what the next one takes. */
    private val open = ArrayList<PerMessageDeflate>()

    @JvmStatic
    fun main(args: Array<String>) {
        println("JDK ${System.getProperty("java.runtime.version")}, ${System.getProperty("os.name")} ${System.getProperty("os.arch")}")
        hold(CONNECTIONS, clientTakesOver = false, serverTakesOver = false) // what comes once comes before it counts
        for (clientTakesOver in listOf(false, true)) {
            for (serverTakesOver in listOf(false, true)) memory(clientTakesOver, serverTakesOver)
        }
        open.forEach { it.close() }
        for (size in listOf(1024, 64 * 1024)) {
            for (takesOver in listOf(false, true)) time(size, takesOver)
        }
    }

    private fun accept(clientTakesOver: Boolean, serverTakesOver: Boolean): PerMessageDeflate {
        val compression = Compression(0, clientNoContextTakeover = !clientTakesOver, serverNoContextTakeover = !serverTakesOver)
        return checkNotNull(PerMessageDeflate.accept(compression, listOf(PerMessageDeflate.offer(compression)), 1_048_576))
    }

    /** What connections hold that have sent and received 64 KiB each and are idle. */
    private fun memory(clientTakesOver: Boolean, serverTakesOver: Boolean) {
        val before = heap() to resident()
        hold(CONNECTIONS, clientTakesOver, serverTakesOver)
        val heap = heap() - before.first
        val resident = resident() - before.second
        val who = "client takes over: $clientTakesOver, server: $serverTakesOver"
        println("$who: heap ${heap / CONNECTIONS} B, resident ${resident / CONNECTIONS} B")
    }

    private fun hold(connections: Int, clientTakesOver: Boolean, serverTakesOver: Boolean) {
        val message = jsonOf(64 * 1024)
        val payload = DeflatePeer(clientTakesOver = false, serverTakesOver = false).use { it.payload(message) }
        repeat(connections) {
            val deflate = accept(clientTakesOver, serverTakesOver)
            deflate.deflate(message)
            deflate.inflate(payload)
            open += deflate
        }
    }

    private fun heap(): Long {
        repeat(3) { System.gc() }
        return Runtime.getRuntime().run { totalMemory() - freeMemory() }
    }

    private fun resident(): Long =
        File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toLong() * 1024

    private fun time(size: Int, takesOver: Boolean) {
        val messages = List(64) { jsonOf(size, seed = it) }
        val ours = accept(takesOver, takesOver)
        val payloads = DeflatePeer(takesOver, takesOver).use { peer -> messages.map { peer.payload(it) } }
        val deflated = best { messages.forEach { ours.deflate(it) } } / messages.size
        val inflated = best { accept(takesOver, takesOver).use { theirs -> payloads.forEach { theirs.inflate(it) } } } / messages.size
        val ratio = messages.sumOf { it.size }.toDouble() / payloads.sumOf { it.size }
        val perKib = size / 1024
        println(
            "$size B, takeover $takesOver: deflate $deflated ns (${deflated / perKib}/KiB), inflate $inflated ns " +
                "(${inflated / perKib}/KiB), ratio ${"%.1f".format(ratio)}",
        )
        ours.close()
    }

    /** CPU time of the quickest of several rounds, so that other work on the machine shows little. */
    private fun best(work: () -> Unit): Long {
        val threads = ManagementFactory.getThreadMXBean()
        return (1..60).minOf {
            val before = threads.currentThreadCpuTime
            work()
            threads.currentThreadCpuTime - before
        }
    }
}
