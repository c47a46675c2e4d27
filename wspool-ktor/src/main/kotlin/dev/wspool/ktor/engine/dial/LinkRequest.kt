package dev.wspool.ktor.engine.dial

import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.ConnectionListener
import io.ktor.util.AttributeKey

/**
 * Marks the request of one who wants the bare socket of an upgrade and no session of Ktor's, and hands it over: the call is
 * over then, and the socket its taker's.
 *
 * @property listener is told of the phases.
 */
internal class LinkRequest(val listener: ConnectionListener) : DialProgress {
    private var socket: NioSocket? = null
    private var upgraded: Upgraded? = null
    private var isAbandoned = false

    override fun onPhase(phase: ConnectPhase): Unit = listener.onPhase(phase)

    override fun onSocket(socket: NioSocket) {
        val isUnwanted = synchronized(this) {
            this.socket = socket
            isAbandoned
        }
        if (isUnwanted) socket.abort()
    }

    /** What the engine has opened. */
    fun offer(upgraded: Upgraded): Unit = synchronized(this) { this.upgraded = upgraded }

    fun take(): Upgraded = synchronized(this) { checkNotNull(upgraded) { "bug: the engine has upgraded nothing" } }

    /** Nobody wants what is being opened, or has been. Returns when nothing is open any more. */
    suspend fun abandon() {
        val socket = synchronized(this) {
            isAbandoned = true
            socket
        }
        socket?.abort()
        socket?.awaitRelease()
    }

    companion object {
        val Key = AttributeKey<LinkRequest>("wspool link")
    }
}
