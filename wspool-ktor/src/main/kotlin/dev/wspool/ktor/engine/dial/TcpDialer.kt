package dev.wspool.ktor.engine.dial

import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.ktor.internal.toIpAddress
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketTimeoutException
import kotlin.time.Duration
import kotlin.time.TimeSource

/**
 * Connects to a host: to each of its addresses in turn, until one answers, or to the one that is asked for.
 *
 * @param addressesOf looks a host up; it may block.
 */
internal class TcpDialer(
    private val newSocket: () -> NioSocket,
    private val addressesOf: (host: String) -> Array<InetAddress> = InetAddress::getAllByName,
) {
    /** The last that was connected to: thousands of idle connections to one server share one. */
    @Volatile
    private var known: InetSocketAddress? = null

    /**
     * @param within what the attempts may take together: each but the last gets its share of what is left, so that one address
     * that does not answer does not use up the time of the others.
     * @throws IOException where none can be connected to: what the last one said, with those before it suppressed.
     */
    suspend fun connect(to: Destination, within: Duration, progress: DialProgress): NioSocket {
        val begin = TimeSource.Monotonic.markNow()
        val addresses = to.address?.let { arrayOf(it) } ?: resolve(to.host)
        val failures = ArrayList<IOException>()
        for ((tried, address) in addresses.withIndex()) {
            val left = addresses.size - tried
            val share = if (left == 1 || within.isInfinite()) Duration.INFINITE else (within - begin.elapsedNow()) / left
            try {
                return attempt(socketAddress(address, to.port), share, progress)
            } catch (failure: IOException) {
                failures += failure
            } catch (unusable: IllegalArgumentException) {
                failures += IOException("$address is no address that this machine can connect to", unusable)
            }
        }
        throw failures.removeLast().also { last -> failures.forEach(last.original()::addSuppressed) }
    }

    /** By its text, as that has the name, too, by which the address was found; it looks nothing up, and says nothing sure of a scope. */
    private fun socketAddress(address: InetAddress, port: Int): InetSocketAddress {
        val text = address.toString()
        return known?.takeIf { it.port == port && it.address.toString() == text && '%' !in text } ?: InetSocketAddress(address, port)
    }

    /** Where assertions are on, coroutines throw copies of what was thrown, and drop what is added to a copy. */
    private fun Throwable.original(): Throwable = cause?.takeIf { it.javaClass == javaClass } ?: this

    private suspend fun attempt(address: InetSocketAddress, within: Duration, progress: DialProgress): NioSocket {
        val socket = newSocket().also(progress::onSocket)
        var isConnected = false
        try {
            isConnected = withTimeoutOrNull(within) { socket.connect(address) } != null
        } finally {
            if (!isConnected) socket.abort() // also where the caller was cancelled when it had just connected
        }
        if (!isConnected) throw SocketTimeoutException("$address did not answer within $within")
        known = address
        return socket
    }

    /** Literals are looked up nowhere. */
    private suspend fun resolve(host: String): Array<InetAddress> {
        if (host.toIpAddress() != null) return addressesOf(host)
        return BlockingThreads.lookups.run { addressesOf(host) }
    }
}
