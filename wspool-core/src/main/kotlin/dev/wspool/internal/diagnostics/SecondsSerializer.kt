package dev.wspool.internal.diagnostics

import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.DurationUnit

/** A span as a number of seconds, which every chart and every script can read. */
internal object SecondsSerializer : KSerializer<Duration> {
    override val descriptor = PrimitiveSerialDescriptor("dev.wspool.Seconds", PrimitiveKind.DOUBLE)

    override fun serialize(encoder: Encoder, value: Duration) = encoder.encodeDouble(value.toDouble(DurationUnit.SECONDS))

    override fun deserialize(decoder: Decoder): Duration = decoder.decodeDouble().seconds
}
