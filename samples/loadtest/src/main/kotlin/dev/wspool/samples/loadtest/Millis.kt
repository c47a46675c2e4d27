package dev.wspool.samples.loadtest

import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlin.time.Duration
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.DurationUnit

/** A span that a file has as a number of milliseconds, to the microsecond: what a program that draws wants. */
typealias Millis =
    @Serializable(MillisSerializer::class)
    Duration

object MillisSerializer : KSerializer<Duration> {
    override val descriptor = PrimitiveSerialDescriptor("dev.wspool.samples.loadtest.Millis", PrimitiveKind.DOUBLE)

    override fun serialize(encoder: Encoder, value: Duration) = encoder.encodeDouble(value.inWholeMicroseconds / 1_000.0)

    override fun deserialize(decoder: Decoder): Duration = decoder.decodeDouble().milliseconds.inWholeMicroseconds.microseconds
}

val Duration.millis: Double get() = toDouble(DurationUnit.MILLISECONDS)

val Duration.seconds: Double get() = toDouble(DurationUnit.SECONDS)
