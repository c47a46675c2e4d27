package dev.wspool.ktor.interop

import java.net.InetSocketAddress
import java.net.StandardSocketOptions
import java.nio.channels.SocketChannel

/**
 * A port of 127.0.0.1 for a server that cannot choose one and tell, or that must have the same one again. It stays bound by a socket
 * that does not listen: Linux lets a server listen on it all the same (`SO_REUSEADDR`, which servers set), and gives it to nobody else.
 */
internal class Port : AutoCloseable {
    private val holder = SocketChannel.open()
        .setOption(StandardSocketOptions.SO_REUSEADDR, true)
        .bind(InetSocketAddress("127.0.0.1", 0))

    val number: Int = (holder.localAddress as InetSocketAddress).port

    override fun close() = holder.close()
}
