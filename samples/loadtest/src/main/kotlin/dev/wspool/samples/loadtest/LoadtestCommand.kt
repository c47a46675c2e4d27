package dev.wspool.samples.loadtest

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.output.MordantHelpFormatter
import com.github.ajalt.clikt.parameters.options.NullableOption
import com.github.ajalt.clikt.parameters.options.RawOption
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.enum
import com.github.ajalt.clikt.parameters.types.file
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.wspool.Endpoint
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The command line: its options, and which of them make a run impossible. */
class LoadtestCommand(private val streams: Streams, environment: (String) -> String?) : CliktCommand(name = "loadtest") {
    private val screen = screen(streams)

    init {
        context {
            terminal = screen
            helpFormatter = { MordantHelpFormatter(it, showDefaultValues = true) }
            autoEnvvarPrefix = "WSPOOL_LOADTEST"
            readEnvvar = environment
        }
    }

    private val pool by option(help = "How many connections the pool opens ahead, and has at most").int().restrictTo(1..MOST).default(8)
    private val rounds by option(help = "How many rounds to run").int().restrictTo(1..MOST).default(10)
    private val concurrency by option(help = "How many requests a round makes at the same time").int().restrictTo(1..MOST).default(20)
    private val interval by option(help = "The time between rounds, such as 500ms or 30s").time(orZero = true).default(1.seconds)
    private val requestTimeout by option(help = "How long a request may take, with its wait for a connection").time().default(10.seconds)
    private val sessionTtl by option(help = "How long a connection lives; after that the pool opens another").time().default(10.minutes)
    private val input by option(help = "The file that is a request's contents. Default: 4,096 random bytes")
        .file(mustExist = true, canBeDir = false)
    private val auth by option(help = "Where the API key goes: a header, or the query of the URL")
        .enum<Auth> { it.name.lowercase() }.default(Auth.HEADER, defaultForHelp = "header")
    private val apiKey by option(help = "The API key. Default: the embedded server's, or with --url none")
    private val url by option(help = "The WebSocket server to send to. Default: one inside this program").convert("URL") {
        try {
            Endpoint(it)
        } catch (wrong: IllegalArgumentException) {
            fail(wrong.message.orEmpty())
        }
    }
    private val replies by option(help = "With --url: how many messages are a reply. Default: the server greets, and marks the last")
        .int().restrictTo(1..MOST)
    private val frames by option(help = "How many frames the embedded server sends for a request. Default: 10").int().restrictTo(1..MOST)
    private val frameInterval by option(help = "How long it takes for each. Default: 20ms").time(orZero = true)
    private val chaos by option(help = "Kills, pauses and slows the embedded server in the course of the run").flag()
    private val json by option(help = "The file to write all results to").file(canBeDir = false)

    override fun help(context: Context): String =
        "Sends rounds of requests through a pool of WebSocket connections, and reports what became of them.\n\n" +
            "Each option can also be given by the environment: --request-timeout as WSPOOL_LOADTEST_REQUEST_TIMEOUT.\n\n" +
            "Exit status: 0 if all went well, 1 if a request failed (with --chaos that is expected) or the server could not be reached, " +
            "2 if the arguments cannot be used, 130 after Ctrl-C, when what was measured is reported."

    override fun run() {
        checkOptions()
        val payload = payload()
        val status = try {
            runBlocking(Dispatchers.Default) { run(payload) }
        } catch (unreachable: UnreachableException) {
            throw CliktError(unreachable.message, statusCode = FAILED)
        } catch (failed: IOException) {
            throw CliktError(failed.message, statusCode = FAILED)
        }
        if (status != 0) throw ProgramResult(status)
    }

    private suspend fun run(payload: Payload): Int {
        val server = if (url == null) RequestServer(RequestServer.KEY, frames ?: FRAMES, frameInterval ?: FRAME_INTERVAL) else null
        try {
            server?.start()
            val endpoint = url ?: Endpoint(server!!.url)
            val key = apiKey ?: if (server != null) RequestServer.KEY else null
            screen.println("${if (server != null) "Embedded server" else "Server"}: ${endpoint.address}")
            val target = Target(endpoint, auth, key, replies?.let(::CountedReplies) ?: MarkedReplies)
            return LoadtestRun(settings(payload), payload, json, screen).run(target, server)
        } finally {
            server?.stop()
        }
    }

    private fun settings(payload: Payload) = Settings(
        pool, rounds, concurrency, interval, requestTimeout, sessionTtl,
        address = url?.address,
        auth = if (url == null || apiKey != null) auth.name.lowercase() else null,
        frames = if (url == null) frames ?: FRAMES else null,
        frameInterval = if (url == null) frameInterval ?: FRAME_INTERVAL else null,
        replies, payload.description, chaos,
    )

    private fun checkOptions() {
        val ofEmbeddedServer = listOf("--frames" to frames, "--frame-interval" to frameInterval, "--chaos" to chaos.takeIf { it })
        for ((name, value) in ofEmbeddedServer) {
            if (url != null && value != null) throw UsageError("$name is for the embedded server, not for that of --url")
        }
        if (url == null && replies != null) throw UsageError("--replies is for the server of a --url, not for the embedded one")
        val place = json?.absoluteFile?.parentFile
        if (place != null && !place.isDirectory) throw UsageError("invalid value for --json: there is no directory $place")
    }

    private fun payload(): Payload = try {
        input?.let(Payload::of) ?: Payload.generated()
    } catch (failed: IOException) {
        throw CliktError("cannot use --input: ${failed.message}", statusCode = NOT_USABLE)
    }

    private fun RawOption.time(orZero: Boolean = false): NullableOption<Duration, Duration> = convert("TIME") { text ->
        Duration.parseOrNull(text)?.takeIf { it.isFinite() && (it.isPositive() || (orZero && it == Duration.ZERO)) }
            ?: fail("not a time such as 500ms, 5s or 1m: $text")
    }

    private companion object {
        const val MOST = 10_000
        const val FRAMES = 10
        val FRAME_INTERVAL = 20.milliseconds
    }
}
