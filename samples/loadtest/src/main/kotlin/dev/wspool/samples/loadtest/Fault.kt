package dev.wspool.samples.loadtest

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * What befalls the server, in this order and over again.
 *
 * @property text what is told of it.
 */
enum class Fault(val text: String) {
    /** It ends without a word, and is started again. */
    KILL("killed") {
        override suspend fun begin(server: RequestServer) = server.stop()

        override suspend fun end(server: RequestServer) = server.start()
    },

    /** It accepts nothing and answers nothing, not even a ping, as a process that was sent SIGSTOP. */
    PAUSE("paused") {
        override suspend fun begin(server: RequestServer) = server.condition.pause()

        override suspend fun end(server: RequestServer) = server.condition.resume()
    },

    /** Each frame takes [SLOWNESS] more. */
    SLOW("slowed") {
        override suspend fun begin(server: RequestServer) {
            server.condition.slowness = SLOWNESS
        }

        override suspend fun end(server: RequestServer) {
            server.condition.slowness = Duration.ZERO
        }
    }, ;

    abstract suspend fun begin(server: RequestServer)

    abstract suspend fun end(server: RequestServer)

    private companion object {
        val SLOWNESS = 100.milliseconds
    }
}
