package dev.wspool.samples.loadtest

import dev.wspool.ConnectFailedException
import dev.wspool.DestroyReason
import dev.wspool.HandshakeFailedException
import dev.wspool.WebSocketPool

/** There is no connection: none could be opened, or what was opened did not last. */
class UnreachableException(failures: List<ConnectFailedException>, pool: WebSocketPool) :
    RuntimeException(text(failures.firstOrNull(), pool.stats.destroyed, pool.endpoint.address)) {
    private companion object {
        fun text(failure: ConnectFailedException?, destroyed: Map<DestroyReason, Long>, address: String): String = when {
            // Not as the pool says it, whose knob is none of this program's.
            failure is HandshakeFailedException && failure.status in REFUSED ->
                "$address refuses the handshake with status ${failure.status}: see --api-key and --auth"
            failure != null -> failure.message.orEmpty()
            DestroyReason.UnsolicitedMessage in destroyed -> "the server speaks before it is asked: then --replies is not for it"
            else -> "connections end as soon as they are open: $destroyed"
        }

        val REFUSED = setOf(401, 403)
    }
}
