package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.Message
import kotlinx.serialization.BinaryFormat
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerialFormat
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.StringFormat
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.StructureKind

/** A format of kotlinx.serialization, of which there are two kinds, as there are of messages. */
internal class MessageFormat(private val format: SerialFormat) {
    init {
        val isKnown = format is StringFormat || format is BinaryFormat
        require(isKnown) { "A format of texts or of bytes is needed, not ${format.javaClass.name}" }
    }

    fun <T> encode(outgoing: SerializationStrategy<T>, value: T): Message =
        if (format is StringFormat) {
            Message.Text(format.encodeToString(outgoing, value))
        } else {
            Message.Binary((format as BinaryFormat).encodeToByteArray(outgoing, value))
        }

    /** Reads [message], which came on [lease]. */
    fun <T> decode(incoming: DeserializationStrategy<T>, message: Message, lease: Lease): T =
        lease.parsing(message, nameOf(incoming.descriptor)) {
            when (format) {
                is StringFormat -> format.decodeFromString(incoming, message.textOf())
                else -> (format as BinaryFormat).decodeFromByteArray(incoming, message.bytesOf())
            }
        }

    private fun Message.textOf(): String = (this as? Message.Text ?: throw WrongKind("text")).text

    private fun Message.bytesOf(): ByteArray = (this as? Message.Binary ?: throw WrongKind("binary")).bytes

    /** Lists and maps have names that say nothing of what is in them. */
    private fun nameOf(type: SerialDescriptor): String = when (type.kind) {
        StructureKind.LIST -> "List of ${nameOf(type.getElementDescriptor(0))}"
        StructureKind.MAP -> "Map to ${nameOf(type.getElementDescriptor(1))}"
        else -> type.serialName
    }
}
