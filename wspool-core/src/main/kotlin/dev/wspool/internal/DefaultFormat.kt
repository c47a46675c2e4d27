package dev.wspool.internal

import kotlinx.serialization.SerialFormat
import kotlinx.serialization.json.Json

/** JSON is optional: this class is loaded when it is asked for, and nothing else refers to [Json]. */
private object DefaultFormat {
    /** A server that sends more than it did before is none that should break its clients. */
    @JvmField
    val json: SerialFormat = Json { ignoreUnknownKeys = true }
}

/** @throws IllegalStateException where there is no JSON on the class path. */
internal fun defaultFormat(): SerialFormat = try {
    DefaultFormat.json
} catch (missing: LinkageError) {
    val artefact = "org.jetbrains.kotlinx:kotlinx-serialization-json"
    throw IllegalStateException("No format was given, and the default needs $artefact: add it, or give a format", missing)
}
