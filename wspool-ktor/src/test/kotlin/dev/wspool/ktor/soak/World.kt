package dev.wspool.ktor.soak

import dev.wspool.test.FaultyProxy
import dev.wspool.test.ProxyDirection
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** The server, the proxy before it, and what becomes of them. */
internal class World(private val timeline: Timeline, private val random: Random) : AutoCloseable {
    private val server = ServerProcess()
    private val proxy = FaultyProxy(server.port)

    fun url(route: Route): String = "ws://127.0.0.1:${if (route == Route.Direct) server.port else proxy.port}/soak"

    /** Connections that the proxy still has. */
    val proxied: Int get() = proxy.open

    suspend fun play(steps: List<Schedule.Step>): Unit = withContext(Dispatchers.IO) {
        for (step in steps) {
            delay(step.calm)
            timeline.begin(step.fault)
            suffer(step.fault, step.span)
            timeline.end()
        }
    }

    private suspend fun suffer(fault: Fault, span: Duration): Unit = when (fault) {
        Fault.Kill -> {
            server.kill()
            delay(span)
            server.restart()
        }
        Fault.Pause, Fault.Hiccup -> {
            server.pause()
            delay(span)
            server.resume()
        }
        Fault.Delay -> meanwhile(span, { delay = random.nextInt(20, 61).milliseconds }, { delay = Duration.ZERO })
        Fault.Throttle -> meanwhile(span, { bytesPerSecond = 1 shl 20 }, { bytesPerSecond = Int.MAX_VALUE })
        Fault.Stall -> meanwhile(span, { isStalled = true }, { isStalled = false })
        Fault.Cut -> proxy.cut()
        Fault.Reset -> proxy.reset()
        Fault.Refusal -> {
            proxy.isRefusing = true
            proxy.reset()
            delay(span)
            proxy.isRefusing = false
        }
    }

    private suspend fun meanwhile(span: Duration, begin: ProxyDirection.() -> Unit, end: ProxyDirection.() -> Unit) {
        val both = listOf(proxy.upstream, proxy.downstream)
        both.forEach(begin)
        delay(span)
        both.forEach(end)
    }

    override fun close() {
        proxy.close()
        server.close()
    }
}
