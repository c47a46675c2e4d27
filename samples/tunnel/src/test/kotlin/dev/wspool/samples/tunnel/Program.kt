package dev.wspool.samples.tunnel

import java.io.ByteArrayOutputStream
import java.io.OutputStream
import java.io.PrintStream
import kotlin.test.assertEquals

/** The whole program, run in this process: what it was given, and what it gave back. */
class Program(vararg args: String, errors: ByteArrayOutputStream = ByteArrayOutputStream()) {
    private val outputBytes = ByteArrayOutputStream()
    val status: Int = printing(outputBytes) { output -> printing(errors) { tunnel(args.asList(), Streams(output, it)) } }
    val output: List<String> = outputBytes.lines()
    val messages: List<String> = errors.lines()

    /** Ended with [status] before anything was begun: one message, and no other. */
    fun assertRefused(status: Int, message: String) {
        assertEquals(listOf("tunnel: $message"), messages)
        assertEquals(emptyList(), output)
        assertEquals(status, this.status)
    }

    private fun printing(to: OutputStream, run: (PrintStream) -> Int): Int = PrintStream(to, true, Charsets.UTF_8).use(run)

    private fun ByteArrayOutputStream.lines() = toString(Charsets.UTF_8).lines().filter { it.isNotBlank() }
}
