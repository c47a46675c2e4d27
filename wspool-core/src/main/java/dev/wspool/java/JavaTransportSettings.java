package dev.wspool.java;

import dev.wspool.Compression;
import dev.wspool.TlsConfig;
import dev.wspool.TransportSettings;
import dev.wspool.internal.java.Hooks;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a connector can be told: of sockets, TLS and frames. Each function returns the builder itself.
 *
 * @param <B> the builder.
 */
public abstract class JavaTransportSettings<B extends JavaTransportSettings<B>> {
    private final TransportSettings settings;

    JavaTransportSettings(TransportSettings settings) {
        this.settings = settings;
    }

    /** The builder itself. */
    abstract B self();

    /**
     * How large a received message may be; a larger one ends its connection with 1009. Default: 1 MiB.
     *
     * @param bytes at least 1.
     * @return the builder.
     */
    public B maxMessageSize(int bytes) {
        settings.setMaxMessageSize(bytes);
        return self();
    }

    /**
     * How many bytes of messages a connection may have taken and not handed on to the socket, before a sender waits. Default: 64 KiB.
     *
     * @param bytes at least 1,024.
     * @return the builder.
     */
    public B maxBytesInFlight(int bytes) {
        settings.setMaxBytesInFlight(bytes);
        return self();
    }

    /**
     * Asks the server for compressed messages. Default: none.
     *
     * @param compression null for none.
     * @return the builder.
     */
    public B compression(@Nullable Compression compression) {
        settings.setCompression(compression);
        return self();
    }

    /**
     * The HTTP proxy that connections go through. Default: none, or where the engine heeds the JVM's system properties, theirs.
     *
     * @param url {@code http://host:port}, or {@code http://user:password@host:port}: that is sent to the proxy alone.
     * @return the builder.
     */
    public B proxy(@Nullable String url) {
        settings.setProxy(url);
        return self();
    }

    /**
     * How {@code wss} connections are secured. Default: verified with the certificates that the JVM trusts.
     *
     * @param configure as {@code t -> t.trust(new File("ca.pem"))}.
     * @return the builder.
     */
    public B tls(Consumer<? super TlsConfig.Builder> configure) {
        Hooks.tls(settings, configure::accept);
        return self();
    }
}
