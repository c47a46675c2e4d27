package dev.wspool.ktor.optional

import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.receiveDeserialized
import dev.wspool.sendSerialized
import dev.wspool.test.FakeConnector
import dev.wspool.withConnection
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.StringFormat
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.modules.EmptySerializersModule
import kotlinx.serialization.modules.SerializersModule
import java.util.function.Function

/** A text as a value, to be run by a class loader that knows no JSON: in a format of ours, or, given nothing, in the default. */
internal class TypedTexts : Function<String, String> {
    override fun apply(text: String): String = runBlocking {
        WebSocketPool(FakeConnector(autoConnect = true) { it.echoes() }, Endpoint("ws://fake")).use { pool ->
            pool.withConnection {
                try {
                    if (text.isEmpty()) sendSerialized("in the default") else sendSerialized(text, Bare)
                    receiveDeserialized<String>(Bare)
                } catch (failure: IllegalStateException) {
                    "$failure"
                }
            }
        }
    }

    /** A text is itself. */
    private object Bare : StringFormat {
        override val serializersModule: SerializersModule get() = EmptySerializersModule()

        override fun <T> encodeToString(serializer: SerializationStrategy<T>, value: T): String = "$value"

        @Suppress("UNCHECKED_CAST")
        override fun <T> decodeFromString(deserializer: DeserializationStrategy<T>, string: String): T {
            check(deserializer.descriptor == String.serializer().descriptor)
            return string as T
        }
    }
}
