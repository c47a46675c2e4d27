package dev.wspool.java;

import dev.wspool.ConnectionLostException;
import dev.wspool.Lease;
import dev.wspool.Message;
import dev.wspool.internal.java.LeaseCalls;
import java.time.Duration;

/**
 * A borrowed connection. It is the holder's alone until {@link #release}; after that every use throws
 * {@link dev.wspool.LeaseReleasedException}.
 *
 * <p>Several threads may use one lease: sends are atomic, and one may receive while others send. Two receivers at once are a mistake and
 * throw {@link IllegalStateException}.
 *
 * <p>At {@link #release} the connection goes back only if its use ended cleanly. Interrupted, cancelled, failed or running operations, a
 * receive that timed out with none that succeeded since, and messages that were received but not read make it <em>dirty</em>: it is
 * closed, and the next caller gets another. {@link JavaWebSocketPool#withConnection} also counts a block that threw; after
 * {@link #close} by {@code try (…)} nobody knows of your exception, so call {@link #invalidate} where you give up between a send and its
 * reply.
 */
public class JavaLease extends JavaAskingLease implements AutoCloseable {
    JavaLease(Lease lease) {
        super(lease);
    }

    /**
     * Sends a text message; returns when the engine has taken it.
     *
     * @param text the message.
     * @throws ConnectionLostException where the connection has ended.
     * @throws dev.wspool.LeaseReleasedException after {@link #release}.
     * @throws InterruptedException where the thread is interrupted; the lease is dirty.
     */
    public void send(String text) throws InterruptedException {
        send(new Message.Text(text));
    }

    /**
     * Sends a binary message; otherwise as {@link #send(String)}.
     *
     * @param bytes must not change until this returns.
     * @throws InterruptedException where the thread is interrupted; the lease is dirty.
     */
    public void send(byte[] bytes) throws InterruptedException {
        send(new Message.Binary(bytes));
    }

    /**
     * Sends a message; otherwise as {@link #send(String)}.
     *
     * @param message text or binary.
     * @throws InterruptedException where the thread is interrupted; the lease is dirty.
     */
    public void send(Message message) throws InterruptedException {
        LeaseCalls.send(lease, message).await();
    }

    /**
     * Waits for the next message.
     *
     * @return the message.
     * @throws ConnectionLostException where the connection has ended and all that came before is read.
     * @throws dev.wspool.LeaseReleasedException after {@link #release}, also for a receiver that was waiting.
     * @throws IllegalStateException where another receive of this lease is waiting.
     * @throws InterruptedException where the thread is interrupted; no message is lost, but until a receive succeeds the lease is dirty.
     */
    public Message receive() throws InterruptedException {
        return LeaseCalls.receive(lease).await();
    }

    /**
     * As {@link #receive()}, but at most for {@code timeout}.
     *
     * @param timeout zero for what is there already.
     * @return the message.
     * @throws dev.wspool.ReceiveTimeoutException where nothing came; the lease can be used on, and is dirty until a receive succeeds.
     * @throws InterruptedException as {@link #receive()}.
     */
    public Message receive(Duration timeout) throws InterruptedException {
        return LeaseCalls.receive(lease, JavaTimes.nanos(timeout)).await();
    }

    /**
     * Waits for the next message, which must be text; otherwise as {@link #receive()}.
     *
     * @return the text.
     * @throws dev.wspool.UnexpectedMessageException where it is binary: it has been read, and the lease can be used on.
     * @throws InterruptedException as {@link #receive()}.
     */
    public String receiveText() throws InterruptedException {
        return LeaseCalls.receiveText(lease).await();
    }

    /**
     * As {@link #receiveText()}, but at most for {@code timeout}.
     *
     * @param timeout zero for what is there already.
     * @return the text.
     * @throws dev.wspool.ReceiveTimeoutException as {@link #receive(Duration)}.
     * @throws InterruptedException as {@link #receive()}.
     */
    public String receiveText(Duration timeout) throws InterruptedException {
        return LeaseCalls.receiveText(lease, JavaTimes.nanos(timeout)).await();
    }

    /**
     * Waits for the next message, which must be binary; otherwise as {@link #receive()}.
     *
     * @return the bytes.
     * @throws dev.wspool.UnexpectedMessageException where it is text: it has been read, and the lease can be used on.
     * @throws InterruptedException as {@link #receive()}.
     */
    public byte[] receiveBinary() throws InterruptedException {
        return LeaseCalls.receiveBinary(lease).await();
    }

    /**
     * As {@link #receiveBinary()}, but at most for {@code timeout}.
     *
     * @param timeout zero for what is there already.
     * @return the bytes.
     * @throws dev.wspool.ReceiveTimeoutException as {@link #receive(Duration)}.
     * @throws InterruptedException as {@link #receive()}.
     */
    public byte[] receiveBinary(Duration timeout) throws InterruptedException {
        return LeaseCalls.receiveBinary(lease, JavaTimes.nanos(timeout)).await();
    }

    /**
     * Takes the messages as they come, until the peer closes with 1000 or 1001. {@link JavaPublishers#messages} does so without blocking.
     *
     * @param <X> what {@code action} throws.
     * @param action called with each message on this thread. What it has not been given is still there for the next receive.
     * @throws ConnectionLostException where the connection ends otherwise.
     * @throws X where {@code action} does.
     * @throws InterruptedException as {@link #receive()}.
     */
    public <X extends Exception> void forEachMessage(MessageConsumer<X> action) throws X, InterruptedException {
        while (true) {
            Message next;
            try {
                next = receive();
            } catch (ConnectionLostException lost) {
                if (lost.getCloseInfo().isNormal()) return;
                throw lost;
            }
            action.accept(next);
        }
    }

    /**
     * Sends a ping and waits for its pong, for as long as it takes.
     *
     * @return the round trip's time.
     * @throws UnsupportedOperationException where the engine shows no pongs.
     * @throws InterruptedException where the thread is interrupted; the lease is dirty.
     */
    public Duration ping() throws InterruptedException {
        return ping(JavaTimes.FOREVER);
    }

    /**
     * As {@link #ping()}, but at most for {@code timeout}.
     *
     * @param timeout how long the pong may take.
     * @return the round trip's time.
     * @throws dev.wspool.ReceiveTimeoutException where no pong came in time; it makes the lease dirty.
     * @throws InterruptedException where the thread is interrupted; the lease is dirty.
     */
    public Duration ping(Duration timeout) throws InterruptedException {
        return JavaTimes.of(LeaseCalls.ping(lease, JavaTimes.nanos(timeout)).await());
    }

    /** As {@link #invalidate(String)}, without a reason. */
    public void invalidate() {
        invalidate("");
    }

    /**
     * Ends the lease and closes its connection, for a reason that is the holder's own. Never blocks; harmless after {@link #release}.
     *
     * @param reason for the log.
     */
    public void invalidate(String reason) {
        lease.invalidate(reason);
    }

    /**
     * Takes the connection out of the pool for good: its place is free for another, and it is now the caller's to close. This lease ends;
     * the returned one goes on, keeps reading, and outlives the pool. Its {@link #release} closes the connection.
     *
     * @return the caller's own.
     * @throws dev.wspool.LeaseReleasedException after {@link #release}.
     */
    public JavaLease detach() {
        return new JavaLease(lease.detach());
    }

    /**
     * Gives the connection back. Never blocks, so it works in {@code finally}, also on an interrupted thread; harmless when called again.
     */
    public void release() {
        lease.release();
    }

    /** The same as {@link #release}, for {@code try (…)}. */
    @Override
    public void close() {
        release();
    }

    /** Which connection, of which pool. */
    @Override
    public String toString() {
        return lease.toString();
    }
}
