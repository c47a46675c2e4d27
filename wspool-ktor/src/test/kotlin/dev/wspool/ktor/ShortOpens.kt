package dev.wspool.ktor

import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds

private const val AT_ONCE = 4

/** Opens [url] in [sweeps] of four at once, each under a timeout of 0 to 12 ms, and aborts what was open in time. */
internal suspend fun Stage.openUnderShortTimeouts(url: String, sweeps: Int) {
    var opened = 0
    repeat(sweeps) { sweep ->
        opened += coroutineScope {
            List(AT_ONCE) { number -> async { isOpenWithin((sweep * AT_ONCE + number) % 13, url) } }.awaitAll().count { it }
        }
    }
    println("Of ${sweeps * AT_ONCE} opens under 0 to 12 ms, $opened were in time")
}

private suspend fun Stage.isOpenWithin(millis: Int, url: String): Boolean {
    // Set inside: a timeout that comes as the block returns drops its result, here an open connection.
    var link: Stage.Link? = null
    withTimeoutOrNull(millis.milliseconds) { link = open(url) }
    link?.let {
        it.connection.abort()
        it.listener.awaitClosed()
    }
    return link != null
}
