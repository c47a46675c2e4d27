package dev.wspool.samples.tunnel

import dev.wspool.PoolException
import java.io.IOException

/** A TCP connection was carried in part: its tunnel broke, or the connection itself. */
class BrokenException(cause: Exception) : Exception("broke: ${cause.message}", cause)

/** Runs [carry], of which no part can be done again. */
internal inline fun <T> breaking(carry: () -> T): T = try {
    carry()
} catch (lost: PoolException) {
    throw BrokenException(lost)
} catch (lost: IOException) {
    throw BrokenException(lost)
}
