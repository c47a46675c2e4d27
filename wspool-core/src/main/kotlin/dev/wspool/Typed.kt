package dev.wspool

import dev.wspool.internal.MessageFormat
import dev.wspool.internal.defaultFormat
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerialFormat
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.serializer
import kotlin.time.Duration

/**
 * This lease with values for messages, those of [Out] going out and those of [In] coming in, written by kotlinx.serialization.
 *
 * @param format a [kotlinx.serialization.StringFormat], whose messages are texts, or a [kotlinx.serialization.BinaryFormat]. By default
 * a `Json` that ignores keys which it does not know; it needs `kotlinx-serialization-json`, which wspool does not bring.
 * @throws IllegalArgumentException where [format] is neither.
 * @throws IllegalStateException where there is no JSON on the class path and no [format] is given.
 */
public inline fun <reified Out, reified In> Lease.typed(format: SerialFormat = jsonFormat()): TypedLease<Out, In> =
    typed(format.serializersModule.serializer<Out>(), format.serializersModule.serializer<In>(), format)

/** As the other, with serializers of the caller's. */
public fun <Out, In> Lease.typed(
    outgoing: SerializationStrategy<Out>,
    incoming: DeserializationStrategy<In>,
    format: SerialFormat = jsonFormat(),
): TypedLease<Out, In> = TypedLease(this, outgoing, incoming, format)

/** Sends [value] as a message; as [TypedLease.send], in a format as of [typed]. */
public suspend inline fun <reified T> Lease.sendSerialized(value: T, format: SerialFormat = jsonFormat()): Unit =
    send(format.serializersModule.serializer<T>(), value, format)

/** Waits for the next message and reads it as a [T]; as [TypedLease.receive], in a format as of [typed]. */
public suspend inline fun <reified T> Lease.receiveDeserialized(format: SerialFormat = jsonFormat()): T =
    receive(format.serializersModule.serializer<T>(), null, format)

/** As the other, but at most for [timeout]; then as [Lease.receive] with a timeout. */
public suspend inline fun <reified T> Lease.receiveDeserialized(timeout: Duration, format: SerialFormat = jsonFormat()): T =
    receive(format.serializersModule.serializer<T>(), timeout, format)

/** The format where none is given. */
@PublishedApi
internal fun jsonFormat(): SerialFormat = defaultFormat()

@PublishedApi
internal suspend fun <T> Lease.send(outgoing: SerializationStrategy<T>, value: T, format: SerialFormat): Unit =
    send(MessageFormat(format).encode(outgoing, value))

@PublishedApi
internal suspend fun <T> Lease.receive(incoming: DeserializationStrategy<T>, timeout: Duration?, format: SerialFormat): T {
    val known = MessageFormat(format) // before the message is read
    return known.decode(incoming, if (timeout == null) receive() else receive(timeout), this)
}
