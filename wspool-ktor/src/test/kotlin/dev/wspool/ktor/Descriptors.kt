package dev.wspool.ktor

import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals

/** Waits until this end has [number] sockets to [port] that still have a descriptor. */
internal fun awaitDescriptors(number: Int, port: Int) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10)
    while (descriptors(port) != number && System.nanoTime() < deadline) Thread.onSpinWait()
    assertEquals(number, descriptors(port))
}

/** This end's sockets to [port] that still have a descriptor: without one, the kernel shows no inode. */
internal fun descriptors(port: Int): Int = listOf("/proc/net/tcp", "/proc/net/tcp6").sumOf { table ->
    File(table).readLines().drop(1).map { it.trim().split(Regex("\\s+")) }.count { row ->
        row[2].substringAfter(':').toInt(16) == port && row[9] != "0"
    }
}
