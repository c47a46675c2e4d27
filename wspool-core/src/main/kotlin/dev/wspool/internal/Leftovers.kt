package dev.wspool.internal

import dev.wspool.Message
import dev.wspool.UnreadMessages
import dev.wspool.UnsolicitedMessages

/** In a turn: does what the pool's policy says of messages that the last user has left unread. */
internal fun PooledConnection.overlookUnread() {
    when (pool.config.unreadMessages) {
        is UnreadMessages.Drop -> takeUnread()
        is UnreadMessages.Keep -> inbox.keep()
        is UnreadMessages.CloseConnection, is UnreadMessages.Drain -> Unit
    }
}

/** In a turn: does what the pool's policy says of messages that came while nobody held the connection. */
internal fun PooledConnection.heedUnsolicited() {
    when (val policy = pool.config.unsolicitedMessages) {
        is UnsolicitedMessages.CloseConnection -> Unit
        is UnsolicitedMessages.Drop -> takeUnread()
        is UnsolicitedMessages.Keep -> inbox.keep()
        // Else they stay, and the connection is closed as where there is no handler.
        is UnsolicitedMessages.Handle -> if (pool.unsolicited.hasRoom) pool.unsolicited.handle(this, takeUnread(), policy)
    }
}

/** A reader that had stopped for what is now taken out goes on after the turn. */
internal fun PooledConnection.takeUnread(): List<Message> {
    if (inbox.isStopped) pool.effects.later { connection.resumeReading() }
    return inbox.drop()
}
