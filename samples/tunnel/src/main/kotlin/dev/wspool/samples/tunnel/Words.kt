package dev.wspool.samples.tunnel

import dev.wspool.ConnectionId

/**
 * What the two ends say, in text messages, before bytes follow in binary ones. A connection carries one TCP connection after another:
 *
 *     server    open 5f0c…      the connection's own id: both ends mean the same
 *     client    opened          the service is there; bytes may come
 *            or refused         it is not; the connection waits for the next
 */
internal object Words {
    const val OPENED = "opened"
    const val REFUSED = "refused"

    fun open(id: ConnectionId): String = "open $id"
}
