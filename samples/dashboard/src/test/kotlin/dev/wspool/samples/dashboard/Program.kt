package dev.wspool.samples.dashboard

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import kotlin.test.assertEquals

/** The whole program, run in this process: what it was given, and what it gave back. */
class Program(vararg args: String) {
    private val outputBytes = ByteArrayOutputStream()
    private val errorBytes = ByteArrayOutputStream()
    val status: Int = PrintStream(outputBytes, true, Charsets.UTF_8).use { output ->
        PrintStream(errorBytes, true, Charsets.UTF_8).use { dashboard(args.asList(), Streams(output, it)) }
    }
    val output: List<String> = outputBytes.lines()
    val messages: List<String> = errorBytes.lines()

    /** Ended with [status] before it served anything: one message, and no other. */
    fun assertRefused(status: Int, message: String) {
        assertEquals(listOf("dashboard: $message"), messages)
        assertEquals(emptyList(), output)
        assertEquals(status, this.status)
    }

    private fun ByteArrayOutputStream.lines() = toString(Charsets.UTF_8).lines().filter { it.isNotBlank() }
}
