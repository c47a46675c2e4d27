@file:JvmName("Main")

package dev.wspool.samples.quickstart

import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.MultiUsageError
import com.github.ajalt.clikt.core.PrintHelpMessage
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.parse
import com.github.ajalt.clikt.output.ParameterFormatter
import java.io.FileDescriptor
import java.io.FileOutputStream
import kotlin.system.exitProcess

fun main(args: Array<String>) {
    // Not System.out, which swallows errors: that its reader has gone (| head) would not be noticed.
    val streams = Streams(System.`in`, FileOutputStream(FileDescriptor.out), System.err, areReal = true)
    val status = quickstart(args.asList(), streams)
    if (status != 0) exitProcess(status)
}

/** Runs the program and returns its exit status. Whatever ends it early is one line on the error stream. */
fun quickstart(args: List<String>, streams: Streams): Int {
    val command = QuickstartCommand(streams)
    return try {
        command.parse(args)
        0
    } catch (help: PrintHelpMessage) {
        streams.output.write("${command.getFormattedHelp(help)}\n".toByteArray())
        help.statusCode
    } catch (wrong: UsageError) {
        streams.error.println("quickstart: ${wrong.text().oneLine()} (try --help)")
        NOT_USABLE
    } catch (end: CliktError) {
        end.message?.let { streams.error.println("quickstart: ${it.oneLine()}") }
        end.statusCode
    }
}

/** What is wrong, without the usage that clikt would print above it. */
private fun UsageError.text(): String = when (this) {
    is MultiUsageError -> errors.joinToString("; ") { it.text() }
    else -> context?.let { formatMessage(it.localization, ParameterFormatter.Plain) } ?: message.orEmpty()
}
