package dev.wspool.java;

import dev.wspool.Message;
import dev.wspool.WebSocketPool;
import dev.wspool.internal.java.Lender;
import dev.wspool.internal.java.RequestCalls;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The part of a {@link JavaWebSocketPool} that asks: it borrows a connection, asks as a {@link JavaLease} does, and gives it back. */
public abstract class JavaRequester extends JavaLender {
    final WebSocketPool pool;

    JavaRequester(WebSocketPool pool) {
        super(Lender.of(Objects.requireNonNull(pool, "pool")));
        this.pool = pool;
    }

    /**
     * As {@link #request(JavaRequest)}, of texts: the reply is the first message that comes after the question.
     *
     * @param text the question.
     * @param timeout for all of it, or {@link JavaTimes#FOREVER}.
     * @return the reply.
     * @throws dev.wspool.UnexpectedMessageException where it is binary; the request is given up.
     * @throws InterruptedException as {@link #request(JavaRequest)}.
     */
    public String request(String text, Duration timeout) throws InterruptedException {
        return RequestCalls.request(pool, text, JavaTimes.nanos(timeout)).await();
    }

    /**
     * Borrows a connection, asks, waits for the reply, and gives the connection back; as {@link #borrow()} and
     * {@link JavaLease#request(JavaRequest)} with what they throw. A request that is given up closes its connection.
     *
     * @param request the question; its timeout is for all of it, the wait for a connection too, which {@code borrowTimeout} bounds beside it.
     * @return the reply.
     * @throws InterruptedException where the thread is interrupted; the request is given up.
     */
    public Message request(JavaRequest request) throws InterruptedException {
        return RequestCalls.request(pool, request.toRequest()).await();
    }

    /**
     * As {@link #request(String, Duration)}, without blocking.
     *
     * @param text the question.
     * @param timeout for all of it, or {@link JavaTimes#FOREVER}.
     * @return the reply. Cancelled, or completed otherwise before, it gives the request up.
     */
    public CompletableFuture<String> requestAsync(String text, Duration timeout) {
        return RequestCalls.request(pool, text, JavaTimes.nanos(timeout)).future();
    }

    /**
     * As {@link #request(JavaRequest)}, without blocking.
     *
     * @param request the question.
     * @return the reply. Cancelled, or completed otherwise before, it gives the request up.
     */
    public CompletableFuture<Message> requestAsync(JavaRequest request) {
        return RequestCalls.request(pool, request.toRequest()).future();
    }

    /**
     * Borrows a connection, asks, takes the messages that answer, up to and with the {@linkplain JavaRequest#lastIf last}, and gives the
     * connection back as soon as that has come; otherwise as {@link #request(JavaRequest)}.
     * {@link JavaPublishers#requestStream(JavaWebSocketPool, JavaRequest)} does so without blocking.
     *
     * @param <X> what {@code action} throws.
     * @param request the question; its timeout is for each message, and for the first it is for the wait for a connection, too.
     * @param action called with each message on this thread. Where it throws before the last, the connection is closed.
     * @throws X where {@code action} does.
     * @throws InterruptedException where the thread is interrupted; the request is given up.
     */
    public <X extends Exception> void forEachReply(JavaRequest request, MessageConsumer<X> action)
            throws X, InterruptedException {
        RequestCalls.forEachReply(pool, request.toRequest(), action::accept).await();
    }
}
