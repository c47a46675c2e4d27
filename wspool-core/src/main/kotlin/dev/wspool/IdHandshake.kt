package dev.wspool

import dev.wspool.internal.NewLease

/**
 * How both ends come to call a connection by the same name: the server makes a random id, unique in its pool, and sends it as the first
 * message; the client reads it. Then each can borrow that very connection when the other end names it.
 *
 * ```kotlin
 * val accepted = AcceptedPool { onConnect { announceId() } }                                   // the server
 * val pool = WebSocketPool("wss://relay.example.com/tunnel") { onConnect { readId() } }        // the client
 * pool.borrow(ConnectionId("5f0c…"))
 * ```
 *
 * An id is no credential where it is short: 8 digits are guessed by who may try often.
 *
 * @property hexDigits how long an id is. Default: 32, which is 128 bits.
 * @throws IllegalArgumentException where [hexDigits] is odd, below 8 or above 128.
 */
public class IdHandshake
    @JvmOverloads
    constructor(public val hexDigits: Int = 32) {
        init {
            require(hexDigits in 8..128 && hexDigits % 2 == 0) { "hexDigits must be even and from 8 to 128, not $hexDigits" }
        }

        internal fun matches(id: String): Boolean = id.length == hexDigits && id.all { it in HEX }

        override fun toString(): String = "IdHandshake($hexDigits hex digits)"

        public companion object {
            /** The form of the Go package npws: 8 hex digits. */
            @JvmField
            public val NPWS: IdHandshake = IdHandshake(8)

            private const val HEX = "0123456789abcdefABCDEF"
        }
    }

/**
 * The server's part of an [IdHandshake], in `onConnect` of an [AcceptedPool]: names the connection, and then tells the client.
 *
 * @throws ConnectionLostException where the connection has ended.
 */
public suspend fun NewConnection.announceId(form: IdHandshake = IdHandshake()) {
    (this as NewLease).identifyAtRandom(form.hexDigits)
    send(id.value)
}

/**
 * The client's part of an [IdHandshake], in `onConnect`: reads the first message, hex digits as text or the bytes that they stand for, and
 * calls the connection so.
 *
 * @throws ConnectionLostException where the connection has ended.
 * @throws IllegalStateException where the first message is no such id.
 */
public suspend fun NewConnection.readId(form: IdHandshake = IdHandshake()) {
    val told = when (val first = receive()) {
        is Message.Text -> first.text
        is Message.Binary -> first.bytes.joinToString("") { byte -> "%02x".format(byte) }
    }
    check(form.matches(told)) { "The first message is no id of ${form.hexDigits} hex digits (IdHandshake)" }
    identify(ConnectionId(told.lowercase()))
}
