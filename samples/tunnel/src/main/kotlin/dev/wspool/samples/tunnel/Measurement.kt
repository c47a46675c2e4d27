package dev.wspool.samples.tunnel

import dev.wspool.Endpoint
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.ServerSocket
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.port
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import java.security.MessageDigest
import java.util.SplittableRandom
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** One TCP connection through a tunnel and back, [size] bytes in each direction at the same time. */
class Measurement(private val size: Long) {
    /** @param log told of what does not go well. */
    suspend fun run(log: (String) -> Unit): MeasurementResult = SelectorManager(Dispatchers.IO).use { selector ->
        coroutineScope {
            val service = aSocket(selector).tcp().bind(LOOPBACK.socketAddress)
            val echo = echo(service)
            val server = TunnelServer(maxConnections = 2, timeout = PATIENCE, log = log)
            var client: TunnelClient? = null
            try {
                server.start(LOOPBACK, LOOPBACK)
                val url = "ws://${Address(LOOPBACK.host, server.tunnelPort)}/"
                client = TunnelClient(Endpoint(url), Address(LOOPBACK.host, service.port), 1, 2, PATIENCE, log)
                withTimeout(PATIENCE) { client.pool.awaitReady() }
                measure(TcpSocket(aSocket(selector).tcp().connect(Address(LOOPBACK.host, server.port).socketAddress)))
            } finally {
                client?.stop()
                server.stop()
                echo.cancel()
                service.close()
            }
        }
    }

    private suspend fun measure(socket: TcpSocket): MeasurementResult = coroutineScope {
        val begun = TimeSource.Monotonic.markNow()
        val sent = async { send(socket.output) }
        val received = async { receive(socket) }
        val result = MeasurementResult(size, sent.await(), received.await(), begun.elapsedNow())
        socket.close()
        result
    }

    private suspend fun send(output: ByteWriteChannel): String {
        val digest = sha256()
        val random = SplittableRandom(size)
        val block = ByteArray(BLOCK)
        var left = size
        while (left > 0) {
            random.nextBytes(block)
            val count = minOf(left, block.size.toLong()).toInt()
            digest.update(block, 0, count)
            output.writeFully(block, 0, count)
            output.flush()
            left -= count
        }
        output.flushAndClose()
        return digest.hex()
    }

    private suspend fun receive(socket: TcpSocket): String {
        val digest = sha256()
        val block = ByteArray(BLOCK)
        while (true) {
            val count = socket.read(block)
            if (count < 0) return digest.hex()
            digest.update(block, 0, count)
        }
    }

    private fun CoroutineScope.echo(service: ServerSocket) = launch {
        TcpSocket(service.accept()).echo()
    }

    private fun sha256() = MessageDigest.getInstance("SHA-256")

    private fun MessageDigest.hex() = digest().joinToString("") { "%02x".format(it) }

    private companion object {
        val LOOPBACK = Address("127.0.0.1", 0)
        val PATIENCE = 10.seconds
        const val BLOCK = 64 * 1024
    }
}

/** What was sent and what came back, as SHA-256 in hex digits. */
class MeasurementResult(private val size: Long, val sent: String, val received: String, private val time: Duration) {
    val isEqual: Boolean get() = sent == received

    override fun toString(): String {
        val mib = size / (1 shl 20).toDouble()
        val rate = mib / (time.inWholeMicroseconds / 1e6)
        val sums = if (isEqual) "SHA-256 of both $sent" else "SHA-256 sent $sent, received $received: NOT EQUAL"
        return "%.1f MiB there and back in %.2f s: %.1f MiB/s each way\n%s".format(mib, time.inWholeMicroseconds / 1e6, rate, sums)
    }
}
