package dev.wspool.samples.benchmarks.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * The peer of all clients: Netty, one event loop, so that the second core is the client's. It says on its standard output
 * where it listens, and ends with its standard input, that is, with whoever started it, however that ends.
 */
public final class EchoServer {
    private static final int LARGEST_MESSAGE = 1 << 20;

    private EchoServer() {}

    /** @param arguments the port for {@code ws}; 0 for any. */
    public static void main(String[] arguments) throws Exception {
        var keys = Keys.generate();
        var certificate = write((X509Certificate) keys.getCertificate(Keys.ALIAS));
        var tls = SslContextBuilder.forServer((PrivateKey) keys.getKey(Keys.ALIAS, Keys.PASSWORD), (X509Certificate)
                        keys.getCertificate(Keys.ALIAS))
                .build();
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        int plain = port(listen(loops, Integer.parseInt(arguments[0]), null));
        int secure = port(listen(loops, 0, tls));
        System.out.println("ws://localhost:" + plain + "/ wss://localhost:" + secure + "/ " + certificate);
        while (System.in.read() >= 0) {
            // Nothing is said there; it is watched for its end.
        }
        System.exit(0);
    }

    private static Channel listen(EventLoopGroup loops, int port, SslContext tls) throws InterruptedException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        var pipeline = channel.pipeline();
                        if (tls != null) pipeline.addLast(tls.newHandler(channel.alloc()));
                        pipeline.addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(LARGEST_MESSAGE),
                                new WebSocketServerProtocolHandler("/", null, false, LARGEST_MESSAGE),
                                new EchoHandler());
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    private static int port(Channel channel) {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private static Path write(X509Certificate certificate) throws Exception {
        var file = Files.createTempFile("echo-server", ".pem");
        file.toFile().deleteOnExit();
        var base64 = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
        return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }
}
