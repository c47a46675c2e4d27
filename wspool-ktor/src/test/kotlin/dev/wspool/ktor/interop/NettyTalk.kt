package dev.wspool.ktor.interop

import dev.wspool.CloseInfo
import io.netty.channel.ChannelFutureListener
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.SimpleChannelInboundHandler
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame
import io.netty.handler.codec.http.websocketx.WebSocketFrame

/** What [NettyPeer] says on one connection. The first Close frame that comes is [told][onClose]. */
internal class NettyTalk(path: String, private val meter: NettyPeer.Meter, private val onClose: (CloseInfo) -> Unit) :
    SimpleChannelInboundHandler<WebSocketFrame>() {
    private val kind = path.split("/")[1]

    override fun channelRead0(context: ChannelHandlerContext, frame: WebSocketFrame) {
        when (frame) {
            is PingWebSocketFrame -> context.writeAndFlush(PongWebSocketFrame(frame.content().retain()))
            is PongWebSocketFrame -> context.writeAndFlush(TextWebSocketFrame("pong ${frame.content().toString(Charsets.UTF_8)}"))
            is CloseWebSocketFrame -> {
                onClose(frame.info())
                context.writeAndFlush(frame.retain()).addListener(ChannelFutureListener.CLOSE)
            }
            else -> answer(context, frame)
        }
    }

    private fun answer(context: ChannelHandlerContext, frame: WebSocketFrame) {
        val reply = when (kind) {
            "close" -> {
                val (code, reason) = (frame as TextWebSocketFrame).text().split(" ", limit = 2)
                CloseWebSocketFrame(code.toInt(), reason)
            }
            "ping" -> PingWebSocketFrame(frame.content().retain())
            "wire" -> if (frame.isFinalFragment) TextWebSocketFrame("${meter.bytes}") else return
            else -> frame.retain()
        }
        context.writeAndFlush(reply)
    }
}
