package dev.wspool.test

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.URI
import java.util.concurrent.ConcurrentHashMap

/**
 * A TCP proxy on loopback that stands before a server and spoils the way to it, at any moment and in each direction: a network
 * for tests. It knows nothing of what it carries, so TLS goes through it as well.
 *
 * ```
 * FaultyProxy(server.port).use { proxy ->
 *     val pool = WebSocketPool(proxy.through(server.url))
 *     …
 *     proxy.downstream.delay = 100.milliseconds   // what the server says comes late
 *     proxy.upstream.isStalled = true             // what the client says does not arrive
 *     proxy.reset()                               // all connections break
 *     proxy.isRefusing = true                     // and no new one is made
 * }
 * ```
 * A connection through it has buffers of 16 KiB in each direction, beside the kernel's. What one end does, the other sees: a
 * FIN for a FIN, an RST for an RST.
 *
 * @param target the port of the server, on loopback; a server that is not there looks as one that hangs up.
 */
class FaultyProxy(private val target: Int) : AutoCloseable {
    private val links = ConcurrentHashMap.newKeySet<ProxyLink>()
    private val connections = OpenCount("connections through the proxy")
    private val lock = Any()
    private var acceptor = Acceptor(loopbackSocket(), "faulty proxy")
    private var placeholder: Socket? = null

    @Volatile
    private var isClosed = false

    /** Where clients connect to, now and while it [isRefusing]. */
    val port: Int = acceptor.port

    /** From the client to the server. */
    val upstream: ProxyDirection = ProxyDirection()

    /** From the server to the client. */
    val downstream: ProxyDirection = ProxyDirection()

    /** True while nobody listens at [port]: the kernel refuses who connects. What is open goes on. Default: false. */
    var isRefusing: Boolean
        get() = synchronized(lock) { placeholder != null }
        set(value) = synchronized(lock) {
            if (value != (placeholder != null) && !isClosed) if (value) refuse() else listen()
        }

    /** How many connections through it are open, from either end. */
    val open: Int get() = connections.now

    /** How many there have been. */
    val accepted: Int get() = connections.ever

    /** [url] with the proxy's address in place of the server's; a certificate for a name needs a URL of the test's own. */
    fun through(url: String): String = URI(url).let { URI(it.scheme, it.userInfo, "127.0.0.1", port, it.path, it.query, null).toString() }

    /** Ends all connections in order, as it looks to both ends: TCP's FIN. What was on its way is lost. */
    fun cut(): Unit = links.forEach { it.finish() }

    /** Breaks all connections: TCP's RST to both ends. */
    fun reset(): Unit = links.forEach { it.reset() }

    /**
     * Waits until [number] connections are open.
     *
     * @throws AssertionError where it takes longer than 20 seconds.
     */
    fun awaitOpen(number: Int): Unit = connections.await(number)

    /** Ends all connections, stalled ones too, and all threads with them. */
    override fun close() {
        synchronized(lock) {
            isClosed = true
            placeholder?.close()
            acceptor.close()
        }
        cut()
    }

    init {
        serve(acceptor)
    }

    private fun serve(acceptor: Acceptor): Unit = acceptor.start { accept(it, acceptor) }

    private fun accept(client: Socket, acceptor: Acceptor) {
        connections.opened()
        val server = try {
            Socket(InetAddress.getLoopbackAddress(), target)
        } catch (_: IOException) {
            client.close()
            acceptor.forget(client)
            return connections.ended()
        }
        client.tcpNoDelay = true
        server.tcpNoDelay = true
        lateinit var link: ProxyLink
        link = ProxyLink(client, server, upstream, downstream) {
            links -= link
            acceptor.forget(client)
            connections.ended()
        }
        links += link
        link.start()
        if (isClosed) link.finish() // without the lock, whose holder may wait for this thread
    }

    /** A socket that is bound and does not listen keeps the port from others while connections to it are refused. */
    private fun refuse() {
        acceptor.stopListening()
        placeholder = Socket().apply {
            reuseAddress = true
            bind(InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        }
    }

    private fun listen() {
        val socket = ServerSocket().apply {
            reuseAddress = true
            bind(InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG)
        }
        acceptor = Acceptor(socket, "faulty proxy").also(::serve)
        placeholder?.close()
        placeholder = null
    }
}
