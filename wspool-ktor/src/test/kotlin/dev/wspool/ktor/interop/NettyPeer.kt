package dev.wspool.ktor.interop

import dev.wspool.CloseInfo
import io.netty.bootstrap.ServerBootstrap
import io.netty.buffer.ByteBuf
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.ChannelInitializer
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.group.DefaultChannelGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.channel.socket.SocketChannel
import io.netty.channel.socket.nio.NioServerSocketChannel
import io.netty.handler.codec.http.FullHttpRequest
import io.netty.handler.codec.http.HttpObjectAggregator
import io.netty.handler.codec.http.HttpServerCodec
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler
import io.netty.util.concurrent.GlobalEventExecutor
import java.util.concurrent.TimeUnit

/** A server on Netty. It sends back frame by frame, so that what came in fragments goes back in fragments. */
internal class NettyPeer : Peer {
    override val ends = Ends()
    private val port = Port()
    private val group = MultiThreadIoEventLoopGroup(NioIoHandler.newFactory())
    private var listening: Channel? = null

    /** Of one start. One that is accepted while all are closed is closed too: in a group that stays open it would outlive them. */
    private var channels = channelGroup()

    override fun address(path: String) = "ws://127.0.0.1:${port.number}$path"

    override fun start() {
        if (listening != null) return
        val accepted = channelGroup().also { channels = it }
        val bootstrap = ServerBootstrap().group(group).channel(NioServerSocketChannel::class.java).childHandler(
            object : ChannelInitializer<SocketChannel>() {
                override fun initChannel(channel: SocketChannel) {
                    accepted.add(channel)
                    val meter = Meter()
                    channel.pipeline().addLast(meter, HttpServerCodec(), HttpObjectAggregator(65536), Upgrade(meter))
                }
            },
        )
        listening = bootstrap.bind("127.0.0.1", port.number).sync().channel()
    }

    override fun kill() {
        listening?.close()?.sync()
        listening = null
        channels.close().sync()
    }

    override fun close() {
        kill()
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync()
        port.close()
    }

    private fun channelGroup() = DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true)

    class Meter : ChannelInboundHandlerAdapter() {
        var bytes = 0L
            private set

        override fun channelRead(context: ChannelHandlerContext, message: Any) {
            bytes += (message as ByteBuf).readableBytes()
            context.fireChannelRead(message)
        }
    }

    /** Puts behind itself what the path of the request asks for. */
    private inner class Upgrade(private val meter: Meter) : ChannelInboundHandlerAdapter() {
        override fun channelRead(context: ChannelHandlerContext, message: Any) {
            val path = (message as FullHttpRequest).uri()
            val settings = WebSocketServerProtocolConfig.newBuilder().websocketPath("/").checkStartsWith(true).allowExtensions(true)
                .maxFramePayloadLength(1 shl 20).dropPongFrames(false).handleCloseFrames(false).sendCloseFrame(null).build()
            val pipeline = context.pipeline()
            if (!path.startsWith("/plain/")) pipeline.addLast(WebSocketServerCompressionHandler(0))
            pipeline.addLast(WebSocketServerProtocolHandler(settings))
            pipeline.addLast(NettyTalk(path, meter) { ends.add(path, it) })
            context.fireChannelRead(message)
            pipeline.remove(this)
        }
    }
}

/** What a Close frame says. */
internal fun CloseWebSocketFrame.info() = CloseInfo(if (statusCode() < 0) CloseInfo.NO_STATUS else statusCode(), reasonText())
