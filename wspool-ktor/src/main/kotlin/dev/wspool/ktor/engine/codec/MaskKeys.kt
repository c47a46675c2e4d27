package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer
import java.security.SecureRandom

/**
 * Keys for masking, which nobody may guess (RFC 6455, 5.3 and 10.3). Drawn many at a time: one by one, they cost more than
 * the frame.
 */
internal class MaskKeys(private val random: SecureRandom = SecureRandom()) {
    private val batch = ByteBuffer.allocate(BATCH)
    private var used = BATCH

    @Synchronized
    fun next(): Int {
        if (used == BATCH) {
            random.nextBytes(batch.array())
            used = 0
        }
        return batch.getInt(used).also { used += Int.SIZE_BYTES }
    }

    private companion object {
        const val BATCH = 1024
    }
}
