package dev.wspool.ktor.engine.dial

import dev.wspool.TlsSession
import dev.wspool.ktor.engine.loop.EventLoops
import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.ktor.engine.tls.TlsEngines
import dev.wspool.ktor.engine.tls.TlsLayer
import dev.wspool.transport.ConnectPhase
import io.ktor.client.engine.ProxyConfig
import io.ktor.http.HttpHeaders
import java.io.IOException
import java.net.InetSocketAddress
import kotlin.time.Duration

/** Opens the sockets of an engine: TCP, through a proxy or not, and TLS. */
internal class SocketDialer(
    private val loops: EventLoops,
    private val tls: TlsEngines,
    private val proxy: ProxyConfig?,
    private val proxyAuthorization: String?,
) {
    private val tcp = TcpDialer(loops::socket)

    class Opened(val socket: NioSocket, val tlsSession: TlsSession?)

    /**
     * @param forProxy the value of `Proxy-Authorization`, or null for the one that the engine was given.
     * @throws IOException where it fails; then nothing is left open, as it is not where the caller is cancelled.
     */
    suspend fun open(to: Destination, isSecure: Boolean, within: Duration, forProxy: String?, progress: DialProgress): Opened {
        progress.onPhase(ConnectPhase.Tcp)
        val socket = tcp.connect(proxy?.destination() ?: to, within, progress)
        try {
            if (proxy != null) tunnel(socket, to, forProxy ?: proxyAuthorization)
            val session = if (isSecure) secure(socket, to, progress) else null
            progress.onPhase(ConnectPhase.Upgrade)
            return Opened(socket, session)
        } catch (failure: Throwable) {
            socket.abort()
            throw failure
        }
    }

    /** RFC 6455, 4.1, 3: through CONNECT, whether TLS follows or not. */
    private suspend fun tunnel(socket: NioSocket, to: Destination, authorization: String?) {
        val headers = listOfNotNull(HttpHeaders.Host to "$to", authorization?.let { HttpHeaders.ProxyAuthorization to it })
        val exchange = HttpExchange(socket)
        exchange.send(HttpHead.request("CONNECT", "$to", headers))
        var answer: HttpHead
        do answer = exchange.head() while (answer.isInterim)
        if (answer.status !in 200..299) throw TunnelRefusedException(answer.status) // RFC 9110, 9.3.6: any 2xx is a tunnel
    }

    private suspend fun secure(socket: NioSocket, to: Destination, progress: DialProgress): TlsSession {
        progress.onPhase(ConnectPhase.Tls)
        val engine = BlockingThreads.handshakes.run { tls.engine(to.host, to.port) } // the first one reads what the JVM trusts
        val layer = TlsLayer(engine, loops.tlsBuffers)
        socket.secure(layer, BlockingThreads.handshakes::execute)
        return layer.session()
    }

    private fun ProxyConfig.destination() = (address() as InetSocketAddress).let { Destination(it.hostString, it.port) }
}

/** A proxy has answered CONNECT with [status] (RFC 9110, 9.3.6). */
internal class TunnelRefusedException(val status: Int) : IOException("The proxy refused a tunnel with status $status")
