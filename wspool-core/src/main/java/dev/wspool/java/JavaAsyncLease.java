package dev.wspool.java;

import dev.wspool.CloseInfo;
import dev.wspool.ConnectionId;
import dev.wspool.Handshake;
import dev.wspool.Lease;
import dev.wspool.Message;
import dev.wspool.internal.java.LeaseCalls;
import dev.wspool.internal.java.RequestCalls;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link JavaLease} knows of its connection, and its calls that do not block.
 *
 * <p>A future is completed on the pool's executor. One that is cancelled, or times out by {@code orTimeout}, cancels its operation: a send
 * so given up makes the lease dirty; a receive loses no message, and makes the lease dirty until another succeeds.
 */
public abstract class JavaAsyncLease {
    final Lease lease;

    JavaAsyncLease(Lease lease) {
        this.lease = lease;
    }

    /**
     * Names the connection, not the lease: the same for each lease of one connection, unique in the pool.
     *
     * @return the name.
     */
    public ConnectionId getId() {
        return lease.getId();
    }

    /**
     * Tells whether the connection had been lent before.
     *
     * @return true where it had.
     */
    public boolean isReused() {
        return lease.isReused();
    }

    /**
     * How long the connection has been open.
     *
     * @return until now, or until its end.
     */
    public Duration getOpenTime() {
        return JavaTimes.of(LeaseCalls.openTime(lease));
    }

    /**
     * How the connection ended.
     *
     * @return null while it is open.
     */
    public @Nullable CloseInfo getCloseInfo() {
        return lease.getCloseInfo();
    }

    /**
     * What the server answered when the connection was opened.
     *
     * @return headers, subprotocol, TLS session.
     */
    public Handshake getHandshake() {
        return lease.getHandshake();
    }

    /**
     * What the connection's users want to remember of it.
     *
     * @return the same map for each lease of the connection, safe for concurrent use.
     */
    public Map<String, Object> getAttributes() {
        return lease.getAttributes();
    }

    /**
     * The address of this end.
     *
     * @return null where the engine does not tell.
     */
    public @Nullable SocketAddress getLocalAddress() {
        return lease.getLocalAddress();
    }

    /**
     * The address of the peer.
     *
     * @return null where the engine does not tell.
     */
    public @Nullable SocketAddress getRemoteAddress() {
        return lease.getRemoteAddress();
    }

    /**
     * As {@link JavaLease#send(String)}, without blocking.
     *
     * @param text the message.
     * @return completed when the engine has taken it.
     */
    public CompletableFuture<@Nullable Void> sendAsync(String text) {
        return sendAsync(new Message.Text(text));
    }

    /**
     * As {@link JavaLease#send(byte[])}, without blocking.
     *
     * @param bytes must not change until the future is complete.
     * @return completed when the engine has taken them.
     */
    public CompletableFuture<@Nullable Void> sendAsync(byte[] bytes) {
        return sendAsync(new Message.Binary(bytes));
    }

    /**
     * As {@link JavaLease#send(Message)}, without blocking.
     *
     * @param message text or binary.
     * @return completed when the engine has taken it.
     */
    public CompletableFuture<@Nullable Void> sendAsync(Message message) {
        return LeaseCalls.send(lease, message).done();
    }

    /**
     * As {@link JavaLease#receive()}, without blocking.
     *
     * @return the message.
     */
    public CompletableFuture<Message> receiveAsync() {
        return LeaseCalls.receive(lease).future();
    }

    /**
     * As {@link JavaLease#receive(Duration)}, without blocking.
     *
     * @param timeout zero for what is there already.
     * @return the message.
     */
    public CompletableFuture<Message> receiveAsync(Duration timeout) {
        return LeaseCalls.receive(lease, JavaTimes.nanos(timeout)).future();
    }

    /**
     * As {@link JavaLease#receiveText()}, without blocking.
     *
     * @return the text.
     */
    public CompletableFuture<String> receiveTextAsync() {
        return LeaseCalls.receiveText(lease).future();
    }

    /**
     * As {@link JavaLease#receiveText(Duration)}, without blocking.
     *
     * @param timeout zero for what is there already.
     * @return the text.
     */
    public CompletableFuture<String> receiveTextAsync(Duration timeout) {
        return LeaseCalls.receiveText(lease, JavaTimes.nanos(timeout)).future();
    }

    /**
     * As {@link JavaLease#receiveBinary()}, without blocking.
     *
     * @return the bytes.
     */
    public CompletableFuture<byte[]> receiveBinaryAsync() {
        return LeaseCalls.receiveBinary(lease).future();
    }

    /**
     * As {@link JavaLease#receiveBinary(Duration)}, without blocking.
     *
     * @param timeout zero for what is there already.
     * @return the bytes.
     */
    public CompletableFuture<byte[]> receiveBinaryAsync(Duration timeout) {
        return LeaseCalls.receiveBinary(lease, JavaTimes.nanos(timeout)).future();
    }

    /**
     * As {@link JavaLease#ping()}, without blocking.
     *
     * @return the round trip's time.
     */
    public CompletableFuture<Duration> pingAsync() {
        return pingAsync(JavaTimes.FOREVER);
    }

    /**
     * As {@link JavaLease#ping(Duration)}, without blocking.
     *
     * @param timeout how long the pong may take.
     * @return the round trip's time.
     */
    public CompletableFuture<Duration> pingAsync(Duration timeout) {
        return LeaseCalls.ping(lease, JavaTimes.nanos(timeout)).future(JavaTimes::of);
    }

    /**
     * As {@link JavaLease#send(Object, Codec)}, without blocking. It is encoded before this returns.
     *
     * @param <T> what it is.
     * @param value what to send.
     * @param codec writes it.
     * @return completed when the engine has taken it.
     * @throws IllegalArgumentException where {@code codec} cannot write it.
     */
    public <T> CompletableFuture<@Nullable Void> sendAsync(T value, Codec<? super T> codec) {
        return sendAsync(Codecs.encode(value, codec));
    }

    /**
     * As {@link JavaLease#receive(Codec)}, without blocking.
     *
     * @param <T> what is expected.
     * @param codec reads it, on the pool's executor or on the caller's thread.
     * @return what it has read.
     */
    public <T> CompletableFuture<T> receiveAsync(Codec<T> codec) {
        return receiveAsync(codec, JavaTimes.FOREVER);
    }

    /**
     * As {@link JavaLease#receive(Codec, Duration)}, without blocking.
     *
     * @param <T> what is expected.
     * @param codec as of {@link #receiveAsync(Codec)}.
     * @param timeout zero for what is there already.
     * @return what it has read.
     */
    public <T> CompletableFuture<T> receiveAsync(Codec<T> codec, Duration timeout) {
        return Codecs.receive(lease, codec, timeout).future();
    }

    /**
     * As {@link JavaLease#request(String, Duration)}, without blocking.
     *
     * @param text the question.
     * @param timeout for the send and the wait together.
     * @return the reply. Given up before that, it ends the lease, and the connection is closed.
     */
    public CompletableFuture<String> requestAsync(String text, Duration timeout) {
        return RequestCalls.request(lease, text, JavaTimes.nanos(timeout)).future();
    }

    /**
     * As {@link JavaLease#request(JavaRequest)}, without blocking.
     *
     * @param request the question.
     * @return the reply, as of {@link #requestAsync(String, Duration)}.
     */
    public CompletableFuture<Message> requestAsync(JavaRequest request) {
        return RequestCalls.request(lease, request.toRequest()).future();
    }
}
