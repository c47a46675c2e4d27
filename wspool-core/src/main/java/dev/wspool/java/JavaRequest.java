package dev.wspool.java;

import dev.wspool.Message;
import dev.wspool.internal.java.LeaseRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A question, and how its answer is known. Unchangeable: each function but {@code of} returns another.
 *
 * <pre>{@code
 * Message reply = pool.request(JavaRequest.of("price EURUSD").timeout(Duration.ofSeconds(1)).retryStale());
 * pool.forEachReply(JavaRequest.of("a story").lastIf(m -> m.equals(END)), m -> System.out.println(m));
 * }</pre>
 */
public final class JavaRequest {
    private static final Predicate<Message> ANY = any -> true;

    private final Message message;
    private final Duration timeout;
    private final Predicate<? super Message> isReply;
    private final Predicate<? super Message> isLast;
    private final boolean retryStale;

    private JavaRequest(
            Message message,
            Duration timeout,
            Predicate<? super Message> isReply,
            Predicate<? super Message> isLast,
            boolean retryStale) {
        this.message = message;
        this.timeout = timeout;
        this.isReply = isReply;
        this.isLast = isLast;
        this.retryStale = retryStale;
    }

    /**
     * Asks by a text.
     *
     * @param text the question.
     * @return a request for the first message that comes after it, for as long as it takes.
     */
    public static JavaRequest of(String text) {
        return of(new Message.Text(text));
    }

    /**
     * Asks by a binary message.
     *
     * @param bytes must not change until the request is done.
     * @return as {@link #of(String)}.
     */
    public static JavaRequest of(byte[] bytes) {
        return of(new Message.Binary(bytes));
    }

    /**
     * Asks by a message.
     *
     * @param message the question.
     * @return as {@link #of(String)}.
     */
    public static JavaRequest of(Message message) {
        return new JavaRequest(Objects.requireNonNull(message, "message"), JavaTimes.FOREVER, ANY, ANY, false);
    }

    /**
     * Asks by a value.
     *
     * @param <T> what it is.
     * @param value the question.
     * @param codec writes it, now.
     * @return as {@link #of(String)}.
     * @throws IllegalArgumentException where {@code codec} cannot write it.
     */
    public static <T> JavaRequest of(T value, Codec<? super T> codec) {
        return of(Codecs.encode(value, codec));
    }

    /**
     * How long the asker waits. Of a lease: for the send and the reply; of a pool: for the connection, too. Where many messages answer it is
     * for each of them. Default: {@link JavaTimes#FOREVER}.
     *
     * @param timeout more than zero.
     * @return this, with it.
     * @throws IllegalArgumentException where {@code timeout} is not positive.
     */
    public JavaRequest timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
        return new JavaRequest(message, timeout, isReply, isLast, retryStale);
    }

    /**
     * Which messages answer it; others are dropped. Default: all.
     *
     * @param isReply shown each message in its order, on the pool's executor or on the asker's thread; it does not block. Where it throws,
     * the request is given up.
     * @return this, with it.
     */
    public JavaRequest replyIf(Predicate<? super Message> isReply) {
        return new JavaRequest(message, timeout, Objects.requireNonNull(isReply, "isReply"), isLast, retryStale);
    }

    /**
     * Which of the messages that answer it is the last. Default: the first. For {@code forEachReply} and {@code requestStream}; {@code
     * request} has one reply.
     *
     * @param isLast as {@link #replyIf}.
     * @return this, with it.
     */
    public JavaRequest lastIf(Predicate<? super Message> isLast) {
        return new JavaRequest(message, timeout, isReply, Objects.requireNonNull(isLast, "isLast"), retryStale);
    }

    /**
     * Asks once more, on a connection that has never been lent, where one that <em>had</em> been lent before is lost with no message in
     * return: most often it had died unseen. It says that the request may reach the server twice. Never after a message has come, never on a
     * new connection, never twice; where that fails too, the first loss is a suppressed exception of what is thrown. For requests of a pool.
     *
     * @return this, with it. Default: it is not repeated.
     */
    public JavaRequest retryStale() {
        return new JavaRequest(message, timeout, isReply, isLast, true);
    }

    LeaseRequest toRequest() {
        return new LeaseRequest(message, JavaTimes.nanos(timeout), isReply::test, isLast::test, retryStale);
    }
}
