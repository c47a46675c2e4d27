package dev.wspool.internal

import dev.wspool.Message
import dev.wspool.PoolException
import kotlinx.coroutines.launch

/**
 * Sends what the pool itself has to say on a shared connection, one message after the other and beside its users. Where the peer
 * does not read, what is too much is left unsaid.
 */
internal class Teller(private val connection: PooledConnection) {
    private val untold = ArrayDeque<Message>()
    private var isTelling = false

    fun tell(message: Message) {
        synchronized(this) {
            if (untold.size >= MOST_UNTOLD) return
            untold.addLast(message)
            if (isTelling) return
            isTelling = true
        }
        connection.scope.launch { tellAll() }
    }

    private suspend fun tellAll() {
        while (true) {
            val message = next() ?: return
            try {
                connection.connection.send(message)
            } catch (lost: PoolException) {
                log.debug("{}: {} could not be told: {}", connection.pool.name, connection.id, connection.redact(lost.toString()))
            }
        }
    }

    private fun next(): Message? = synchronized(this) { untold.removeFirstOrNull().also { isTelling = it != null } }

    private companion object {
        const val MOST_UNTOLD = 100
    }
}
