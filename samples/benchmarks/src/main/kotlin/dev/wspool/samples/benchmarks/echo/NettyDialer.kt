package dev.wspool.samples.benchmarks.echo

import io.netty.bootstrap.Bootstrap
import io.netty.buffer.ByteBufUtil
import io.netty.buffer.Unpooled
import io.netty.channel.ChannelFactory
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInitializer
import io.netty.channel.ChannelOption
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.SimpleChannelInboundHandler
import io.netty.channel.nio.NioIoHandler
import io.netty.channel.socket.SocketChannel
import io.netty.channel.socket.nio.NioSocketChannel
import io.netty.handler.codec.http.HttpClientCodec
import io.netty.handler.codec.http.HttpObjectAggregator
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent
import io.netty.handler.ssl.SslContext
import io.netty.handler.ssl.SslContextBuilder
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel
import java.net.URI
import io.netty.channel.Channel as NettyChannel

/** Netty with one event loop; what it reads goes to the coroutine through a channel. */
internal class NettyDialer(url: String, trust: Trust) : Dialer {
    private val uri = URI(url)
    private val isSecure = uri.scheme == "wss"
    private val tls: SslContext? = if (isSecure) SslContextBuilder.forClient().trustManager(trust.certificate).build() else null
    private val loops = MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())

    override suspend fun dial(): EchoSession {
        val session = NettySession()
        Bootstrap().group(loops).channelFactory(ChannelFactory { NioSocketChannel() }).option(ChannelOption.TCP_NODELAY, true)
            .handler(object : ChannelInitializer<SocketChannel>() {
                override fun initChannel(channel: SocketChannel) = build(channel, session)
            })
            .connect(uri.host, uri.port).addListener { if (!it.isSuccess) session.failed(it.cause()) }
        session.opened.await()
        return session
    }

    private fun build(channel: SocketChannel, session: NettySession) {
        tls?.let { channel.pipeline().addLast(it.newHandler(channel.alloc(), uri.host, uri.port)) }
        val config = WebSocketClientProtocolConfig.newBuilder().webSocketUri(uri).maxFramePayloadLength(LARGEST_MESSAGE).build()
        val webSocket = WebSocketClientProtocolHandler(config)
        channel.pipeline().addLast(HttpClientCodec(), HttpObjectAggregator(LARGEST_MESSAGE), webSocket, session)
    }

    override fun close() {
        loops.shutdownGracefully()
    }

    private companion object {
        const val LARGEST_MESSAGE = 1 shl 20
    }
}

private class NettySession :
    SimpleChannelInboundHandler<BinaryWebSocketFrame>(),
    EchoSession {
    private val arrived = Channel<ByteArray>(Channel.UNLIMITED)
    private lateinit var channel: NettyChannel
    val opened = CompletableDeferred<Unit>()

    override fun userEventTriggered(context: ChannelHandlerContext, event: Any) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            channel = context.channel()
            opened.complete(Unit)
        }
    }

    override fun channelRead0(context: ChannelHandlerContext, frame: BinaryWebSocketFrame) {
        arrived.trySend(ByteBufUtil.getBytes(frame.content()))
    }

    override fun channelInactive(context: ChannelHandlerContext) = failed(IllegalStateException("The connection has ended"))

    @Deprecated("Netty's, as of all its outbound handlers")
    override fun exceptionCaught(context: ChannelHandlerContext, cause: Throwable) = failed(cause)

    fun failed(cause: Throwable) {
        opened.completeExceptionally(cause)
        arrived.close(cause)
    }

    /** Not waited for: the window is what bounds the messages that are queued. */
    override suspend fun send(message: ByteArray) {
        channel.writeAndFlush(BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)), channel.voidPromise())
    }

    override suspend fun receive(): ByteArray = arrived.receive()
}
