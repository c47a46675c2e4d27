package dev.wspool.samples.tunnel

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.parameters.options.NullableOption
import com.github.ajalt.clikt.parameters.options.RawOption
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.nio.channels.UnresolvedAddressException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** One end of the tunnel: it runs until it is told to stop, and then drains. */
abstract class EndCommand(private val streams: Streams, name: String) : CliktCommand(name) {
    protected val token by option(envvar = "WSPOOL_TUNNEL_TOKEN", help = "What both ends must know. Without it the server lets in anybody")
    protected val drainTimeout by option(help = "How long what is under way may take after Ctrl-C").time().default(10.seconds)

    /** Tells what is worth knowing of the end, or of one of its TCP connections. */
    protected fun tell(line: String): Unit = synchronized(streams) { streams.error.println(line.oneLine()) }

    /**
     * Begins, and returns what is to be done at the end.
     *
     * @throws IOException where it cannot begin.
     */
    protected abstract suspend fun begin(): End

    override fun run() {
        val status = runBlocking(Dispatchers.Default) {
            val stopped = CompletableDeferred<Unit>()
            Interrupt { stopped.complete(Unit) }.use { interrupt ->
                val end = beginOrFail()
                stopped.await()
                end.drain(drainTimeout)
                tell("TCP connections: ${end.tally}")
                interrupt.status!!
            }
        }
        throw ProgramResult(status)
    }

    private suspend fun beginOrFail(): End = try {
        begin()
    } catch (failed: IOException) {
        throw CliktError(failed.message, statusCode = FAILED)
    } catch (_: UnresolvedAddressException) {
        throw CliktError("there is no such host", statusCode = FAILED)
    }

    protected class End(val tally: Tally, val drain: suspend (Duration) -> Unit)
}

internal fun RawOption.time(): NullableOption<Duration, Duration> = convert("TIME") { text ->
    Duration.parseOrNull(text)?.takeIf { it.isPositive() && it.isFinite() } ?: fail("not a time such as 500ms, 5s or 1m: $text")
}

internal fun RawOption.address(): NullableOption<Address, Address> = convert("HOST:PORT") { text ->
    Address.parse(text) ?: fail("not a host and a port such as localhost:22 or [::1]:22: $text")
}
