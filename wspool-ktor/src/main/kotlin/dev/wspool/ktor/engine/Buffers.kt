package dev.wspool.ktor.engine

import java.nio.Buffer

// Java 9 has given ByteBuffer methods of its own in place of these, which Android has not at API 24. Called on a Buffer they are the old.

/** From filling it to reading it. */
internal fun <B : Buffer> B.toRead(): B = apply { flip() }

/** Empty, with all its room. */
internal fun <B : Buffer> B.toFill(): B = apply { clear() }

internal fun Buffer.moveTo(position: Int) {
    position(position)
}

internal fun Buffer.endAt(limit: Int) {
    limit(limit)
}
