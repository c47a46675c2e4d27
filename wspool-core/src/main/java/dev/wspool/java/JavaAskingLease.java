package dev.wspool.java;

import dev.wspool.ConnectionLostException;
import dev.wspool.Lease;
import dev.wspool.Message;
import dev.wspool.internal.java.LeaseCalls;
import dev.wspool.internal.java.RequestCalls;
import java.time.Duration;

/** The part of a {@link JavaLease} that sends and receives values, and that asks and waits for the reply. */
public abstract class JavaAskingLease extends JavaAsyncLease {
    JavaAskingLease(Lease lease) {
        super(lease);
    }

    /**
     * Sends a value; otherwise as {@link JavaLease#send(Message)}.
     *
     * @param <T> what it is.
     * @param value what to send.
     * @param codec writes it.
     * @throws IllegalArgumentException where {@code codec} cannot write it; nothing is sent, and the lease stays as it is.
     * @throws InterruptedException where the thread is interrupted; the lease is dirty.
     */
    public <T> void send(T value, Codec<? super T> codec) throws InterruptedException {
        LeaseCalls.send(lease, Codecs.encode(value, codec)).await();
    }

    /**
     * Waits for the next message and reads it; otherwise as {@link JavaLease#receive()}.
     *
     * @param <T> what is expected.
     * @param codec reads it.
     * @return what it has read.
     * @throws dev.wspool.MalformedMessageException where {@code codec} cannot read it: it has been read, and the lease can be used on.
     * @throws InterruptedException as {@link JavaLease#receive()}.
     */
    public <T> T receive(Codec<T> codec) throws InterruptedException {
        return receive(codec, JavaTimes.FOREVER);
    }

    /**
     * As {@link #receive(Codec)}, but at most for {@code timeout}.
     *
     * @param <T> what is expected.
     * @param codec reads it.
     * @param timeout zero for what is there already.
     * @return what it has read.
     * @throws dev.wspool.ReceiveTimeoutException as {@link JavaLease#receive(Duration)}.
     * @throws InterruptedException as {@link JavaLease#receive()}.
     */
    public <T> T receive(Codec<T> codec, Duration timeout) throws InterruptedException {
        return Codecs.receive(lease, codec, timeout).await();
    }

    /**
     * As {@link #request(JavaRequest)}, of texts: the reply is the first message that comes after the question.
     *
     * @param text the question.
     * @param timeout for the send and the wait together, or {@link JavaTimes#FOREVER}.
     * @return the reply.
     * @throws dev.wspool.UnexpectedMessageException where it is binary; the request is given up.
     * @throws InterruptedException as {@link #request(JavaRequest)}.
     */
    public String request(String text, Duration timeout) throws InterruptedException {
        return RequestCalls.request(lease, text, JavaTimes.nanos(timeout)).await();
    }

    /**
     * Asks, and waits for the reply. What came before, and what is not the reply, is dropped.
     *
     * <p>A request that is given up, by its timeout, by an interrupt or by an exception of {@link JavaRequest#replyIf}, ends the lease, and
     * its connection is closed: a late reply reaches nobody, the next request on this lease neither.
     *
     * @param request the question.
     * @return the reply.
     * @throws dev.wspool.RequestTimeoutException where no reply came in time.
     * @throws ConnectionLostException where the connection has ended.
     * @throws dev.wspool.LeaseReleasedException after {@link JavaLease#release}, and after a request that was given up.
     * @throws IllegalStateException where another request or receive of this lease is waiting; nothing is sent.
     * @throws IllegalArgumentException where it is to be repeated ({@link JavaRequest#retryStale}): a lease has one connection.
     * @throws InterruptedException where the thread is interrupted; the request is given up.
     */
    public Message request(JavaRequest request) throws InterruptedException {
        return RequestCalls.request(lease, request.toRequest()).await();
    }

    /**
     * Asks, and takes the messages that answer, up to and with the {@linkplain JavaRequest#lastIf last}; otherwise as
     * {@link #request(JavaRequest)}. {@link JavaPublishers#requestStream(JavaLease, JavaRequest)} does so without blocking.
     *
     * @param <X> what {@code action} throws.
     * @param request the question; its timeout is for each message.
     * @param action called with each message on this thread. Where it throws before the last, the request is given up.
     * @throws X where {@code action} does.
     * @throws InterruptedException where the thread is interrupted; the request is given up.
     */
    public <X extends Exception> void forEachReply(JavaRequest request, MessageConsumer<X> action)
            throws X, InterruptedException {
        RequestCalls.forEachReply(lease, request.toRequest(), action::accept).await();
    }
}
