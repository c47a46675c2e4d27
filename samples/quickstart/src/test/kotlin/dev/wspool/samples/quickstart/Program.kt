package dev.wspool.samples.quickstart

import java.io.ByteArrayOutputStream
import java.io.InputStream
import java.io.OutputStream
import java.io.PrintStream
import kotlin.test.assertEquals

/** The whole program, run in this process: what it was given, and what it gave back. */
class Program(
    vararg args: String,
    input: InputStream = InputStream.nullInputStream(),
    output: OutputStream = ByteArrayOutputStream(),
) {
    private val errorBytes = ByteArrayOutputStream()
    val status: Int = PrintStream(errorBytes, true, Charsets.UTF_8).use { quickstart(args.asList(), Streams(input, output, it)) }
    val output: String = output.toString()
    val messages: List<String> = errorBytes.toString(Charsets.UTF_8).lines().map { it.trimEnd() }.filter { it.isNotEmpty() }

    constructor(vararg args: String, input: String) : this(*args, input = input.byteInputStream())

    /** The figure of the summary that is called [name]. */
    fun figure(name: String): Long =
        messages.single { it.trim().startsWith("$name ") }.substringAfter(name).filter { it.isDigit() }.toLong()

    fun assertSummary(sent: Long, failed: Long) {
        assertEquals(listOf(sent + failed, sent, failed), listOf("lines", "sent", "failed").map(::figure))
    }

    /** Ended with [status] before a line was sent: one message, no replies, no summary. */
    fun assertRefused(status: Int, message: String) {
        assertEquals(listOf("quickstart: $message"), messages)
        assertEquals("", output)
        assertEquals(status, this.status)
    }
}
