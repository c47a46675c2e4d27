package dev.wspool.java;

import dev.wspool.Lease;
import dev.wspool.internal.java.LeaseCalls;
import dev.wspool.internal.java.Lender;
import dev.wspool.internal.java.PoolCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of a {@link JavaWebSocketPool} that lends. */
public abstract class JavaLender {
    private final Lender lender;

    JavaLender(Lender lender) {
        this.lender = lender;
    }

    // ---- borrowing
    // ------------------------------------------------------------------------------------------------------

    /**
     * Borrows a connection, waiting for {@code borrowTimeout} at most. Give it back with {@link JavaLease#close};
     * {@link #withConnection} does both.
     *
     * @return the caller's until it is given back.
     * @throws dev.wspool.BorrowTimeoutException where none was free in time.
     * @throws dev.wspool.TooManyWaitersException where {@code maxWaiting} callers wait already.
     * @throws dev.wspool.PoolClosedException where the pool is closed, or is closed while the caller waits.
     * @throws dev.wspool.ConnectFailedException where connecting failed in a way that trying again cannot mend.
     * @throws InterruptedException where the thread is interrupted; a connection that was under way goes to the next.
     */
    public JavaLease borrow() throws InterruptedException {
        return new JavaLease(PoolCalls.borrow(lender).await());
    }

    /**
     * As {@link #borrow()}, but waiting for {@code timeout} at most.
     *
     * @param timeout zero does not wait, {@link JavaTimes#FOREVER} waits for ever.
     * @return the caller's until it is given back.
     * @throws IllegalArgumentException where {@code timeout} is negative.
     * @throws InterruptedException as {@link #borrow()}.
     */
    public JavaLease borrow(Duration timeout) throws InterruptedException {
        return new JavaLease(PoolCalls.borrow(lender, JavaTimes.nanos(timeout)).await());
    }

    /**
     * As {@link #borrow()}, for a connection that {@code request} describes.
     *
     * @param request which one, and for how long to wait.
     * @return the caller's until it is given back.
     * @throws IllegalArgumentException where it asks for more remaining life than any connection is sure to have.
     * @throws InterruptedException as {@link #borrow()}.
     */
    public JavaLease borrow(JavaBorrowRequest request) throws InterruptedException {
        return new JavaLease(PoolCalls.borrow(lender, request.toRequest()).await());
    }

    /**
     * Borrows an idle connection. Never blocks, and never causes a dial.
     *
     * @return null where none is idle.
     * @throws UnsupportedOperationException where {@code onBorrow} is set, which would have to be waited for.
     */
    public @Nullable JavaLease tryBorrow() {
        Lease lease = lender.tryBorrow();
        return lease == null ? null : new JavaLease(lease);
    }

    /**
     * As {@link #borrow()}, without blocking. A connection that meets a future which is complete already goes back to the pool.
     *
     * <p>A lease that nobody takes out of its future is never given back: cancel this future, not one derived from it, or use
     * {@link #withConnectionAsync}.
     *
     * @return the lease, or what {@link #borrow()} throws.
     */
    public CompletableFuture<JavaLease> borrowAsync() {
        return PoolCalls.borrow(lender).future(JavaLease::new);
    }

    /**
     * As {@link #borrow(Duration)}, without blocking; as {@link #borrowAsync()}.
     *
     * @param timeout zero does not wait, {@link JavaTimes#FOREVER} waits for ever.
     * @return the lease, or what {@link #borrow(Duration)} throws.
     */
    public CompletableFuture<JavaLease> borrowAsync(Duration timeout) {
        return PoolCalls.borrow(lender, JavaTimes.nanos(timeout)).future(JavaLease::new);
    }

    /**
     * As {@link #borrow(JavaBorrowRequest)}, without blocking; as {@link #borrowAsync()}.
     *
     * @param request which one, and for how long to wait.
     * @return the lease, or what {@link #borrow(JavaBorrowRequest)} throws.
     */
    public CompletableFuture<JavaLease> borrowAsync(JavaBorrowRequest request) {
        return PoolCalls.borrow(lender, request.toRequest()).future(JavaLease::new);
    }

    // ---- blocks
    // ---------------------------------------------------------------------------------------------------------

    /**
     * Borrows a connection, runs a block with it on this thread, and gives it back; as {@link #borrow()} with what it throws. A block
     * that throws makes the connection dirty: it is closed, not lent again.
     *
     * @param <T> what the block returns.
     * @param <X> the checked exception that it throws.
     * @param block uses the connection.
     * @return what the block returns.
     * @throws X where the block does.
     * @throws InterruptedException where the thread is interrupted while it waits, or in a call of the lease.
     */
    public <T extends @Nullable Object, X extends Exception> T withConnection(LeaseFunction<T, X> block)
            throws X, InterruptedException {
        return use(borrow(), block);
    }

    /**
     * As {@link #withConnection(LeaseFunction)}, waiting for a connection for {@code timeout} at most. It bounds the wait, never the block.
     *
     * @param <T> what the block returns.
     * @param <X> the checked exception that it throws.
     * @param timeout as of {@link #borrow(Duration)}.
     * @param block uses the connection.
     * @return what the block returns.
     * @throws X where the block does.
     * @throws InterruptedException as {@link #withConnection(LeaseFunction)}.
     */
    public <T extends @Nullable Object, X extends Exception> T withConnection(
            Duration timeout, LeaseFunction<T, X> block) throws X, InterruptedException {
        return use(borrow(timeout), block);
    }

    /**
     * As {@link #withConnection(LeaseFunction)}, for a connection that {@code request} describes.
     *
     * @param <T> what the block returns.
     * @param <X> the checked exception that it throws.
     * @param request which one, and for how long to wait.
     * @param block uses the connection.
     * @return what the block returns.
     * @throws X where the block does.
     * @throws InterruptedException as {@link #withConnection(LeaseFunction)}.
     */
    public <T extends @Nullable Object, X extends Exception> T withConnection(
            JavaBorrowRequest request, LeaseFunction<T, X> block) throws X, InterruptedException {
        return use(borrow(request), block);
    }

    /**
     * As {@link #withConnection(LeaseFunction)}, with a block that returns nothing. It has a name of its own, as {@code lease ->
     * lease.invalidate()} would fit both.
     *
     * @param <X> the checked exception that the block throws.
     * @param block uses the connection.
     * @throws X where the block does.
     * @throws InterruptedException as {@link #withConnection(LeaseFunction)}.
     */
    public <X extends Exception> void useConnection(LeaseConsumer<X> block) throws X, InterruptedException {
        use(borrow(), block);
    }

    /**
     * As {@link #useConnection(LeaseConsumer)}, waiting for a connection for {@code timeout} at most.
     *
     * @param <X> the checked exception that the block throws.
     * @param timeout as of {@link #borrow(Duration)}.
     * @param block uses the connection.
     * @throws X where the block does.
     * @throws InterruptedException as {@link #withConnection(LeaseFunction)}.
     */
    public <X extends Exception> void useConnection(Duration timeout, LeaseConsumer<X> block)
            throws X, InterruptedException {
        use(borrow(timeout), block);
    }

    /**
     * As {@link #useConnection(LeaseConsumer)}, for a connection that {@code request} describes.
     *
     * @param <X> the checked exception that the block throws.
     * @param request which one, and for how long to wait.
     * @param block uses the connection.
     * @throws X where the block does.
     * @throws InterruptedException as {@link #withConnection(LeaseFunction)}.
     */
    public <X extends Exception> void useConnection(JavaBorrowRequest request, LeaseConsumer<X> block)
            throws X, InterruptedException {
        use(borrow(request), block);
    }

    private static <T extends @Nullable Object, X extends Exception> T use(JavaLease lease, LeaseFunction<T, X> block)
            throws X, InterruptedException {
        try {
            return block.apply(lease);
        } catch (Throwable failure) {
            LeaseCalls.failed(lease.lease, failure);
            throw failure;
        } finally {
            lease.release();
        }
    }

    private static <X extends Exception> void use(JavaLease lease, LeaseConsumer<X> block)
            throws X, InterruptedException {
        JavaLender.<@Nullable Void, X>use(lease, borrowed -> {
            block.accept(borrowed);
            return null;
        });
    }

    /**
     * As {@link #withConnection(LeaseFunction)}, without blocking: the connection is given back when the stage that the block returns is
     * complete. Cancelled, or completed otherwise before, it cancels that stage and closes the connection.
     *
     * @param <T> what the block comes to.
     * @param block called on the pool's executor; it does not block.
     * @return what its stage comes to, or what {@link #borrow()} throws.
     */
    public <T extends @Nullable Object> CompletableFuture<T> withConnectionAsync(
            Function<? super JavaLease, ? extends CompletionStage<T>> block) {
        return withConnectionAsync(JavaBorrowRequest.any(), block);
    }

    /**
     * As {@link #withConnectionAsync(Function)}, waiting for a connection for {@code timeout} at most.
     *
     * @param <T> what the block comes to.
     * @param timeout as of {@link #borrow(Duration)}.
     * @param block called on the pool's executor; it does not block.
     * @return what its stage comes to, or what {@link #borrow(Duration)} throws.
     */
    public <T extends @Nullable Object> CompletableFuture<T> withConnectionAsync(
            Duration timeout, Function<? super JavaLease, ? extends CompletionStage<T>> block) {
        return PoolCalls.<T>withConnection(lender, JavaTimes.nanos(timeout), lease -> block.apply(new JavaLease(lease)))
                .future();
    }

    /**
     * As {@link #withConnectionAsync(Function)}, for a connection that {@code request} describes.
     *
     * @param <T> what the block comes to.
     * @param request which one, and for how long to wait.
     * @param block called on the pool's executor; it does not block.
     * @return what its stage comes to, or what {@link #borrow(JavaBorrowRequest)} throws.
     */
    public <T extends @Nullable Object> CompletableFuture<T> withConnectionAsync(
            JavaBorrowRequest request, Function<? super JavaLease, ? extends CompletionStage<T>> block) {
        return PoolCalls.<T>withConnection(lender, request.toRequest(), lease -> block.apply(new JavaLease(lease)))
                .future();
    }
}
