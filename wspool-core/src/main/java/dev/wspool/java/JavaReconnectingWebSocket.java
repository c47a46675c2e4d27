package dev.wspool.java;

import dev.wspool.Endpoint;
import dev.wspool.Message;
import dev.wspool.ReconnectingWebSocket;
import dev.wspool.internal.java.ReconnectingCalls;
import dev.wspool.transport.Connector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is always there: opened at once, watched, and opened anew whenever it ends. It is a pool of one, with the pool's
 * pings, backoff, hooks and errors, that is lent for good: for subscriptions and other talk that belongs to a connection.
 *
 * <pre>{@code
 * try (var prices = JavaReconnectingWebSocket.create("wss://prices.example.com/v2", c -> c.onConnect(l -> l.send("subscribe EURUSD")))) {
 *     prices.forEachMessage(message -> System.out.println(message));
 * }
 * }</pre>
 *
 * <p>No message is repeated, and none is made up. What was sent when a connection ended may have arrived or not; what the server sent
 * meanwhile is lost, and its to send again: subscribe in {@code onConnect}, which is called with each new connection. One that
 * ends before it could be taken counts as a failure to connect, and what came on it is dropped.
 *
 * <p>All functions may be called from any thread. A message goes to one receiver: of two, one waits for the other. Blocking calls and futures are as those of
 * {@link JavaWebSocketPool} and {@link JavaLease}.
 */
public final class JavaReconnectingWebSocket extends JavaReconnectingView implements AutoCloseable {
    private JavaReconnectingWebSocket(ReconnectingWebSocket socket) {
        super(socket);
    }

    /**
     * Makes one with the connector that is on the class path (wspool-ktor brings one).
     *
     * @param url {@code ws} or {@code wss}.
     * @param configure the settings of a pool, without those that are about several connections or about giving one back.
     * @return a new one.
     * @throws IllegalArgumentException where the URL or a setting makes no sense.
     * @throws IllegalStateException where no connector is on the class path.
     */
    public static JavaReconnectingWebSocket create(String url, Consumer<? super JavaPoolBuilder> configure) {
        return wrap(ReconnectingCalls.create(url, b -> configure.accept(new JavaPoolBuilder(b))));
    }

    /**
     * Makes one on a connector of the caller's, which stays the caller's to close.
     *
     * @param connector opens the connections.
     * @param endpoint where to connect to.
     * @param configure as of {@link #create}.
     * @return a new one.
     * @throws IllegalArgumentException where a setting makes no sense.
     */
    public static JavaReconnectingWebSocket of(
            Connector connector, Endpoint endpoint, Consumer<? super JavaPoolBuilder> configure) {
        return wrap(ReconnectingCalls.of(connector, endpoint, b -> configure.accept(new JavaPoolBuilder(b))));
    }

    /**
     * Shows one that Kotlin has made to Java.
     *
     * @param socket Kotlin's.
     * @return the same, for Java.
     */
    public static JavaReconnectingWebSocket wrap(ReconnectingWebSocket socket) {
        return new JavaReconnectingWebSocket(socket);
    }

    /**
     * Sends a text message. Where there is no connection it waits for the next, for {@code borrowTimeout} at most.
     *
     * @param text the message.
     * @throws dev.wspool.BorrowTimeoutException where there was no connection in time. Nothing was sent.
     * @throws dev.wspool.ConnectionLostException where the connection ended meanwhile: the message may have arrived, and is not sent again.
     * @throws dev.wspool.ConnectFailedException as {@link #awaitConnected}. Nothing was sent.
     * @throws dev.wspool.PoolClosedException after {@link #close}.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void send(String text) throws InterruptedException {
        send(new Message.Text(text));
    }

    /**
     * Sends a binary message; otherwise as {@link #send(String)}.
     *
     * @param bytes must not change until this returns.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void send(byte[] bytes) throws InterruptedException {
        send(new Message.Binary(bytes));
    }

    /**
     * Sends a message; otherwise as {@link #send(String)}.
     *
     * @param message text or binary.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void send(Message message) throws InterruptedException {
        ReconnectingCalls.send(socket, message).await();
    }

    /**
     * As {@link #send(Message)}, without blocking.
     *
     * @param message text or binary.
     * @return completed when the engine has taken it.
     */
    public CompletableFuture<@Nullable Void> sendAsync(Message message) {
        return ReconnectingCalls.send(socket, message).done();
    }

    /**
     * Waits for the next message, over connections that come and go.
     *
     * @return the message.
     * @throws dev.wspool.ConnectionLostException where the connection ends while this waits, or has ended with more messages sent on it
     * than received since, and all that came before is read: a reply will not come. The next receive goes on with the next connection.
     * @throws dev.wspool.ConnectFailedException as {@link #awaitConnected}.
     * @throws dev.wspool.PoolClosedException after {@link #close}.
     * @throws InterruptedException where the thread is interrupted; no message is lost.
     */
    public Message receive() throws InterruptedException {
        return ReconnectingCalls.receive(socket).await();
    }

    /**
     * As {@link #receive()}, but at most for {@code timeout}.
     *
     * @param timeout zero for what is there already.
     * @return the message.
     * @throws dev.wspool.ReceiveTimeoutException where nothing came.
     * @throws InterruptedException as {@link #receive()}.
     */
    public Message receive(Duration timeout) throws InterruptedException {
        return ReconnectingCalls.receive(socket, JavaTimes.nanos(timeout)).await();
    }

    /**
     * As {@link #receive()}, without blocking.
     *
     * @return the message.
     */
    public CompletableFuture<Message> receiveAsync() {
        return ReconnectingCalls.receive(socket).future();
    }

    /**
     * As {@link #receive()}, for text.
     *
     * @return the text.
     * @throws dev.wspool.UnexpectedMessageException where it is binary.
     * @throws InterruptedException as {@link #receive()}.
     */
    public String receiveText() throws InterruptedException {
        return ReconnectingCalls.text(receive());
    }

    /**
     * As {@link #receive(Duration)}, for text.
     *
     * @param timeout zero for what is there already.
     * @return the text.
     * @throws InterruptedException as {@link #receive()}.
     */
    public String receiveText(Duration timeout) throws InterruptedException {
        return ReconnectingCalls.text(receive(timeout));
    }

    /**
     * As {@link #receive()}, for binary.
     *
     * @return the bytes.
     * @throws dev.wspool.UnexpectedMessageException where it is text.
     * @throws InterruptedException as {@link #receive()}.
     */
    public byte[] receiveBinary() throws InterruptedException {
        return ReconnectingCalls.binary(receive());
    }

    /**
     * As {@link #receive(Duration)}, for binary.
     *
     * @param timeout zero for what is there already.
     * @return the bytes.
     * @throws InterruptedException as {@link #receive()}.
     */
    public byte[] receiveBinary(Duration timeout) throws InterruptedException {
        return ReconnectingCalls.binary(receive(timeout));
    }

    /**
     * Takes the messages of one connection after the other, until {@link #close}. A connection that ends is no failure here.
     *
     * @param <X> what {@code action} throws.
     * @param action called with each message on this thread.
     * @throws X where {@code action} does.
     * @throws InterruptedException as {@link #receive()}.
     */
    public <X extends Exception> void forEachMessage(MessageConsumer<X> action) throws X, InterruptedException {
        while (true) {
            Message next = ReconnectingCalls.next(socket).await();
            if (next == null) return;
            action.accept(next);
        }
    }

    /**
     * Sends a ping and waits for its pong.
     *
     * @param timeout how long the pong may take.
     * @return the round trip's time.
     * @throws dev.wspool.ReceiveTimeoutException where no pong came in time.
     * @throws InterruptedException where the thread is interrupted.
     */
    public Duration ping(Duration timeout) throws InterruptedException {
        return JavaTimes.of(
                ReconnectingCalls.ping(socket, JavaTimes.nanos(timeout)).await());
    }

    /**
     * Closes the connection that is there, or is being opened, and opens another at once, with what {@code beforeConnect} provides from
     * now on. What came and was not received is dropped. Never blocks.
     */
    public void reconnect() {
        socket.reconnect();
    }

    /** Closes it: who waits fails, the connection is closed with 1001. Never blocks, harmless when called again. */
    @Override
    public void close() {
        socket.close();
    }

    /**
     * Waits until it is closed and its socket with it.
     *
     * @throws InterruptedException where the thread is interrupted; it changes nothing.
     */
    public void awaitClosed() throws InterruptedException {
        ReconnectingCalls.awaitClosed(socket).await();
    }

    /** Its name. */
    @Override
    public String toString() {
        return socket.toString();
    }
}
