package dev.wspool.ktor.soak

import dev.wspool.ktor.soak.Route.Direct
import dev.wspool.ktor.soak.Route.Proxied
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * What happens to the server or to the way to it.
 *
 * @property routes whose connections it hits.
 * @property detection how long a pool may take to learn that a connection is dead; null where none dies, so that no error is to be had.
 * @property span how long it lasts, from and to.
 */
internal enum class Fault(
    val title: String,
    val routes: Set<Route>,
    val detection: Duration?,
    val span: ClosedRange<Duration>,
) {
    Kill("server killed (SIGKILL), later restarted", setOf(Direct, Proxied), Duration.ZERO, 500.milliseconds..1_500.milliseconds),
    Pause("server paused (SIGSTOP) for 5 to 6 s", setOf(Direct, Proxied), SILENCE, 5.seconds..6.seconds),
    Hiccup("server paused for 0.3 to 0.7 s", setOf(Direct, Proxied), null, 300.milliseconds..700.milliseconds),
    Delay("20 to 60 ms more each way for each 16 KiB", setOf(Proxied), null, 2.seconds..3.seconds),
    Throttle("1 MiB/s each way", setOf(Proxied), null, 2.seconds..3.seconds),
    Stall("nothing passes for 5 to 6 s", setOf(Proxied), SILENCE, 5.seconds..6.seconds),
    Cut("connections cut (FIN)", setOf(Proxied), Duration.ZERO, Duration.ZERO..Duration.ZERO),
    Reset("connections reset (RST)", setOf(Proxied), Duration.ZERO, Duration.ZERO..Duration.ZERO),
    Refusal("connections reset, new ones refused", setOf(Proxied), Duration.ZERO, 1.seconds..2.seconds),
}

internal val PING_INTERVAL: Duration = 500.milliseconds

internal val PONG_TIMEOUT: Duration = 1_500.milliseconds

/**
 * When silence has been found out. The pinger looks once in an interval, so that a ping goes out within two; and where a sibling is found
 * dead meanwhile, the others are asked once more.
 */
private val SILENCE: Duration get() = PING_INTERVAL * 2 + PONG_TIMEOUT * 2
