package dev.wspool.java;

import dev.wspool.ByteStream;
import dev.wspool.StreamEnd;
import dev.wspool.TlsSession;
import dev.wspool.internal.java.ByteStreamCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The binary messages of a lease as an {@link InputStream} and an {@link OutputStream}: what a socket gives.
 *
 * <pre>{@code
 * pool.useConnection(lease -> {
 *     try (JavaByteStream stream = JavaByteStream.of(lease)) {
 *         stream.getOutputStream().write(request);
 *         stream.getOutputStream().flush();
 *         stream.getInputStream().readNBytes(reply, 0, reply.length);
 *     }
 * });
 * }</pre>
 *
 * <p>Calls block, hold no monitor meanwhile, and throw {@link IOException}s, whose cause is what a {@link JavaLease} would throw. A thread
 * that is interrupted gets an {@link java.io.InterruptedIOException} and stays interrupted; no byte is lost, but until a read succeeds the
 * lease is dirty, and a stream of which a write was interrupted is broken. One thread may read while another writes.
 *
 * <p>It uses the lease, and does not own it. A stream that was left with bytes unread or unsent, that has failed, or whose input was closed
 * before its end makes the lease dirty; with {@link StreamEnd#EmptyMessage} also one of which either end has not been told.
 */
public final class JavaByteStream implements AutoCloseable {
    private static final int MESSAGE_SIZE = 32 * 1024;

    private final JavaLease lease;
    private final ByteStream stream;
    private final InputStream input;
    private final OutputStream output;

    private JavaByteStream(JavaLease lease, StreamEnd end, int messageSize) {
        this.lease = lease;
        stream = ByteStreamCalls.begin(lease.lease, end, messageSize);
        input = new ByteStreamInput(lease.lease, stream);
        output = new ByteStreamOutput(lease.lease, stream);
    }

    /**
     * As {@link #of(JavaLease, StreamEnd, int)}, with {@link StreamEnd#CloseFrame} and messages of at most 32 KiB.
     *
     * @param lease stays the caller's.
     * @return its bytes.
     */
    public static JavaByteStream of(JavaLease lease) {
        return of(lease, StreamEnd.CloseFrame);
    }

    /**
     * As {@link #of(JavaLease, StreamEnd, int)}, with messages of at most 32 KiB.
     *
     * @param lease stays the caller's.
     * @param end how the two ends tell each other that no more bytes come.
     * @return its bytes.
     */
    public static JavaByteStream of(JavaLease lease, StreamEnd end) {
        return of(lease, end, MESSAGE_SIZE);
    }

    /**
     * The lease's binary messages as streams. Several may follow one another on one lease.
     *
     * @param lease stays the caller's.
     * @param end how the two ends tell each other that no more bytes come.
     * @param messageSize how many bytes are sent in one message at most, from 1 on.
     * @return its bytes.
     */
    public static JavaByteStream of(JavaLease lease, StreamEnd end, int messageSize) {
        return new JavaByteStream(lease, end, messageSize);
    }

    /**
     * What the peer sends. It ends where the peer says so; with {@link StreamEnd#CloseFrame} by a close with 1000 or
     * 1001. To close it before its end makes the lease dirty.
     *
     * @return always the same.
     */
    public InputStream getInputStream() {
        return input;
    }

    /**
     * What is sent: when it fills a message, or is flushed. To close it is {@link #shutdownOutput}.
     *
     * @return always the same.
     */
    public OutputStream getOutputStream() {
        return output;
    }

    /**
     * Sends what was written, and tells the peer that it was all. With {@link StreamEnd#EmptyMessage} reading goes on; a Close frame is
     * the end of both directions. Harmless when called again.
     *
     * @throws IOException where it could not be sent.
     */
    public void shutdownOutput() throws IOException {
        output.close();
    }

    /**
     * How long a read waits for bytes; then it throws {@link java.net.SocketTimeoutException}, and can be tried again. Default:
     * {@link JavaTimes#FOREVER}.
     *
     * @param timeout positive.
     * @throws IllegalArgumentException where it is not.
     */
    public void setReadTimeout(Duration timeout) {
        ByteStreamCalls.setReadTimeout(stream, JavaTimes.nanos(timeout));
    }

    /**
     * How long a read waits for bytes.
     *
     * @return {@link JavaTimes#FOREVER} for as long as it takes.
     */
    public Duration getReadTimeout() {
        return JavaTimes.of(ByteStreamCalls.readTimeout(stream));
    }

    /**
     * The address of this end.
     *
     * @return null where the engine does not tell.
     */
    public @Nullable SocketAddress getLocalAddress() {
        return stream.getLocalAddress();
    }

    /**
     * The address of the peer.
     *
     * @return null where the engine does not tell.
     */
    public @Nullable SocketAddress getRemoteAddress() {
        return stream.getRemoteAddress();
    }

    /**
     * What TLS has agreed on.
     *
     * @return null without TLS, and where the engine does not show it.
     */
    public @Nullable TlsSession getTlsSession() {
        return stream.getTlsSession();
    }

    /** The stream is over, and not as it should: the lease is dirty. Never blocks, harmless when called again. */
    public void abandon() {
        stream.abandon();
    }

    /**
     * The stream is over, the lease is not: sends what was written, and with {@link StreamEnd#EmptyMessage} that it was all. Harmless
     * when called again.
     *
     * @throws IOException where it could not be sent.
     */
    @Override
    public void close() throws IOException {
        StreamFailures.call(ByteStreamCalls.close(lease.lease, stream));
    }

    /** On which connection, of which pool. */
    @Override
    public String toString() {
        return stream.toString();
    }
}
