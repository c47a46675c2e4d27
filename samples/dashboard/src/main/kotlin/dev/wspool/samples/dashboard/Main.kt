@file:JvmName("Main")

package dev.wspool.samples.dashboard

import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.MultiUsageError
import com.github.ajalt.clikt.core.PrintHelpMessage
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.parse
import com.github.ajalt.clikt.output.ParameterFormatter
import kotlin.system.exitProcess

fun main(args: Array<String>) {
    val status = dashboard(args.asList(), Streams(System.out, System.err))
    if (status != 0) exitProcess(status)
}

/** Runs the program and returns its exit status. Whatever ends it early is one line on the error stream. */
fun dashboard(args: List<String>, streams: Streams): Int {
    val command = DashboardCommand(streams)
    return try {
        command.parse(args)
        0
    } catch (help: PrintHelpMessage) {
        streams.output.println(command.getFormattedHelp(help))
        help.statusCode
    } catch (wrong: UsageError) {
        streams.error.println("dashboard: ${wrong.text().oneLine()} (try --help)")
        NOT_USABLE
    } catch (end: CliktError) {
        end.message?.let { streams.error.println("dashboard: ${it.oneLine()}") }
        end.statusCode
    }
}

/** What is wrong, without the usage that clikt would print above it. */
private fun UsageError.text(): String = when (this) {
    is MultiUsageError -> errors.joinToString("; ") { it.text() }
    else -> context?.let { formatMessage(it.localization, ParameterFormatter.Plain) } ?: message.orEmpty()
}
