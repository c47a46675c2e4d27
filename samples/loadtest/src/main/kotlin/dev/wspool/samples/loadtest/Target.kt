package dev.wspool.samples.loadtest

import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import kotlin.time.Duration

/** Where the requests go, with what may not be shown. */
class Target(private val endpoint: Endpoint, private val auth: Auth, private val key: String?, val conversation: Conversation) {
    /** A pool whose connections have logged in, and been greeted, before they are lent. */
    fun pool(settings: Settings, log: ConnectionLog): WebSocketPool = WebSocketPool(endpoint.url) {
        maxConnections = settings.pool
        maxLifetime = settings.sessionTtl
        maxIdleTime = Duration.INFINITE // what was opened ahead shall be there in the last round too
        sendTimeout = settings.requestTimeout
        maxMessageSize = LARGEST_MESSAGE
        beforeConnect { if (key == null) it else auth.login(it, key) }
        onConnect {
            conversation.begin(this)
            log.opened(id)
        }
        onClose { log.closed(it) }
    }

    private companion object {
        const val LARGEST_MESSAGE = 16 shl 20
    }
}
