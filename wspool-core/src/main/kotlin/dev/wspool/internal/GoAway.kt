package dev.wspool.internal

import dev.wspool.Message

/** Looks for the message by which a server announces that it will close a connection. */
internal class GoAway(private val pool: RealPool) {
    fun isAnnounced(message: Message): Boolean {
        val isGoAway = pool.config.hooks.isGoAway ?: return false
        return pool.background.ask(false) { isGoAway(message) }
    }
}
