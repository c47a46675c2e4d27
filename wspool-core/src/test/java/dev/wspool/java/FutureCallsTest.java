package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.BorrowTimeoutException;
import dev.wspool.Message;
import dev.wspool.ReceiveTimeoutException;
import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls that return a future. */
@Timeout(60)
class FutureCallsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeConnector connector = Fixture.echoing();
    private final JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));

    @Test
    void aBlockOfStagesBorrowsUsesAndGivesBack() {
        String reply = pool.withConnectionAsync(
                        LONG, lease -> lease.sendAsync("hello").thenCompose(sent -> lease.receiveTextAsync(LONG)))
                .join();
        assertEquals("hello", reply);
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aTimeoutThatMakesNoSenseIsTheFuturesFailure() {
        Duration negative = Duration.ofSeconds(-1);
        for (CompletableFuture<?> future : List.of(
                pool.borrowAsync(negative),
                pool.withConnectionAsync(negative, JavaLease::receiveAsync),
                pool.drainAsync(negative))) {
            assertInstanceOf(
                    IllegalArgumentException.class,
                    assertThrows(CompletionException.class, future::join).getCause());
        }
        JavaBorrowRequest any = JavaBorrowRequest.any();
        assertThrows(IllegalArgumentException.class, () -> any.timeout(negative));
        assertThrows(IllegalArgumentException.class, () -> any.minRemainingLifetime(negative));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aStageThatFailsMakesTheConnectionDirty() {
        IOException mine = new IOException("mine");
        CompletableFuture<Object> failed = pool.withConnectionAsync(lease -> CompletableFuture.failedFuture(mine));
        assertSame(mine, assertThrows(CompletionException.class, failed::join).getCause());
        CompletableFuture<Object> threw = pool.withConnectionAsync(lease -> {
            throw new IllegalStateException("before any stage");
        });
        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(CompletionException.class, threw::join).getCause());
        assertEquals(2, connector.getDialCount());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aCancelledBlockCancelsItsStage() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<JavaLease> begun = new CompletableFuture<>();
        CompletableFuture<Object> call = pool.withConnectionAsync(lease -> {
            begun.complete(lease);
            return stage;
        });
        begun.join();
        call.cancel(true);
        assertThrows(CancellationException.class, stage::join);
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aFutureIsCompletedOnThePoolsExecutorAndNotByWhoGivesBack() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool(task -> new Thread(task, "pool's executor"));
        JavaWebSocketPool own = Fixture.pool(connector, c -> c.maxConnections(1).executor(executor));
        JavaLease lease = own.borrow();
        CompletableFuture<String> completer =
                own.borrowAsync().thenApply(next -> threadOf(next)).thenApply(name -> name);
        lease.release();
        assertEquals("pool's executor", completer.get(20, TimeUnit.SECONDS));

        JavaLease reader = own.borrow();
        CompletableFuture<String> received = reader.receiveAsync()
                .thenApply(message -> Thread.currentThread().getName());
        connector.getConnections().get(connector.getConnections().size() - 1).receives("from the engine's thread");
        assertEquals("pool's executor", received.get(20, TimeUnit.SECONDS));
        reader.release();
        Fixture.assertWholeAndEnd(own, connector);
        executor.shutdown();
    }

    private static String threadOf(JavaLease lease) {
        lease.release();
        return Thread.currentThread().getName();
    }

    @Test
    void aFutureOfTheDefaultExecutorIsCompletedOnAThreadOfTheLibrary() throws Exception {
        JavaLease lease = pool.borrow();
        CompletableFuture<String> completer = pool.borrowAsync(LONG).thenApply(FutureCallsTest::threadOf);
        lease.release();
        String thread = completer.get(20, TimeUnit.SECONDS);
        assertTrue(thread.startsWith("wspool-io"), thread);
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aCallThatNeedNotWaitIsComplete() throws Exception {
        pool.borrow().release();
        CompletableFuture<JavaLease> borrowed = pool.borrowAsync(JavaBorrowRequest.any());
        assertTrue(borrowed.isDone());
        assertTrue(borrowed.join().sendAsync("hello").isDone());
        assertEquals("hello", borrowed.join().receiveTextAsync().join());
        borrowed.join().close();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aFailureIsTheCauseOfTheFutures() throws Exception {
        JavaLease lease = pool.borrow();
        CompletableFuture<JavaLease> late = pool.borrowAsync(Duration.ofMillis(1));
        assertInstanceOf(
                BorrowTimeoutException.class,
                assertThrows(CompletionException.class, late::join).getCause());
        CompletableFuture<Message> nothing = lease.receiveAsync(Duration.ofMillis(1));
        assertInstanceOf(
                ReceiveTimeoutException.class,
                assertThrows(CompletionException.class, nothing::join).getCause());
        assertFalse(late.isCancelled());
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void eachCallOfALeaseHasItsFuture() throws Exception {
        JavaLease lease = pool.borrow();
        lease.sendAsync(new byte[] {1}).join();
        assertArrayEquals(new byte[] {1}, lease.receiveBinaryAsync().join());
        lease.sendAsync(new byte[] {2}).join();
        assertArrayEquals(new byte[] {2}, lease.receiveBinaryAsync(LONG).join());
        lease.sendAsync(new Message.Text("text")).join();
        assertEquals("text", lease.receiveTextAsync(LONG).join());
        assertFalse(lease.pingAsync().join().isNegative());
        assertFalse(lease.pingAsync(LONG).join().isNegative());
        lease.release();
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aCancelledSendMakesTheLeaseDirty() throws Exception {
        JavaLease lease = pool.borrow();
        FakeConnection connection = connector.getConnections().get(0);
        Fixture.neverSends(connection);
        CompletableFuture<Void> send = lease.sendAsync("hello");
        send.cancel(true);
        lease.release();
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aPoolIsSizedAndEndedWithoutBlocking() {
        pool.awaitReadyAsync().join();
        assertEquals(1, pool.warmUpAsync(1).join().getReady());
        CompletableFuture<Void> closed = pool.awaitClosedAsync();
        assertFalse(closed.isDone());
        pool.drainAsync(LONG).join();
        closed.join();
        assertEquals(0, connector.getOpenConnections());
    }
}
