package dev.wspool.java;

import dev.wspool.AffinityKey;
import dev.wspool.BorrowRequest;
import dev.wspool.ConnectionId;
import dev.wspool.internal.java.Spans;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a borrower wants of his connection beyond that it works. Unchangeable: each function returns another.
 *
 * <pre>{@code
 * pool.borrow(JavaBorrowRequest.any().timeout(Duration.ofMillis(500)).affinity(new AffinityKey("user-7")));
 * }</pre>
 */
public final class JavaBorrowRequest {
    private static final JavaBorrowRequest ANY = new JavaBorrowRequest(null, null, null, Duration.ZERO, false);

    private final @Nullable Duration timeout;
    private final @Nullable ConnectionId id;
    private final @Nullable AffinityKey affinity;
    private final Duration minRemainingLifetime;
    private final boolean isFresh;

    private JavaBorrowRequest(
            @Nullable Duration timeout,
            @Nullable ConnectionId id,
            @Nullable AffinityKey affinity,
            Duration minRemainingLifetime,
            boolean isFresh) {
        this.timeout = timeout;
        this.id = id;
        this.affinity = affinity;
        this.minRemainingLifetime = minRemainingLifetime;
        this.isFresh = isFresh;
    }

    /**
     * Any connection, within the pool's {@code borrowTimeout}.
     *
     * @return what the other functions begin with.
     */
    public static JavaBorrowRequest any() {
        return ANY;
    }

    /**
     * How long the borrower waits. Default: the pool's {@code borrowTimeout}.
     *
     * @param timeout zero for not at all, {@link JavaTimes#FOREVER} for as long as it takes.
     * @return this, with it.
     * @throws IllegalArgumentException where {@code timeout} is negative.
     */
    public JavaBorrowRequest timeout(Duration timeout) {
        return new JavaBorrowRequest(timeout, id, affinity, minRemainingLifetime, isFresh).checked();
    }

    /**
     * The one connection that is wanted, and no other. He waits until it is free, or is there; it is not dialled for him.
     *
     * @param id its name.
     * @return this, with it.
     * @throws IllegalArgumentException where it is to be {@link #fresh}.
     */
    public JavaBorrowRequest id(ConnectionId id) {
        return new JavaBorrowRequest(timeout, id, affinity, minRemainingLifetime, isFresh).checked();
    }

    /**
     * He would like, or insists on, the connection that served a key last.
     *
     * @param affinity the key.
     * @return this, with it.
     * @throws IllegalArgumentException where he insists, and it is to be {@link #fresh}.
     */
    public JavaBorrowRequest affinity(AffinityKey affinity) {
        return new JavaBorrowRequest(timeout, id, affinity, minRemainingLifetime, isFresh).checked();
    }

    /**
     * How much of its life the connection must have left. Default: none.
     *
     * @param span of the connection's {@code maxLifetime}.
     * @return this, with it.
     * @throws IllegalArgumentException where {@code span} is negative.
     */
    public JavaBorrowRequest minRemainingLifetime(Duration span) {
        return new JavaBorrowRequest(timeout, id, affinity, span, isFresh).checked();
    }

    /**
     * A connection that has never been lent. Where the pool is full, an idle one that has been makes room for it.
     *
     * @return this, with it.
     * @throws IllegalArgumentException where one is wanted by its id, or by a key that is insisted on.
     */
    public JavaBorrowRequest fresh() {
        return new JavaBorrowRequest(timeout, id, affinity, minRemainingLifetime, true).checked();
    }

    private JavaBorrowRequest checked() {
        toRequest();
        return this;
    }

    BorrowRequest toRequest() {
        return Spans.request(
                JavaTimes.nanosOrNull(timeout), id, affinity, JavaTimes.nanos(minRemainingLifetime), isFresh);
    }
}
