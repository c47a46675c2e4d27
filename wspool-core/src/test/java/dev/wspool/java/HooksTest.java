package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.BorrowTimeoutException;
import dev.wspool.CloseAction;
import dev.wspool.ClosedConnection;
import dev.wspool.ConnectionId;
import dev.wspool.Endpoint;
import dev.wspool.Message;
import dev.wspool.test.FakeConnector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hooks that are written in Java: they block. */
@Timeout(60)
class HooksTest {
    private final FakeConnector connector = Fixture.echoing();

    @Test
    void hooksAreCalledInTheirOrderAndMayBlock() throws Exception {
        ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
        CompletableFuture<ClosedConnection> closed = new CompletableFuture<>();
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .beforeConnect(endpoint -> {
                            calls.add("beforeConnect");
                            return new Endpoint(endpoint.getUrl() + "/once");
                        })
                        .onConnect(lease -> {
                            lease.send("login");
                            calls.add("onConnect " + lease.receiveText());
                            lease.identify(new ConnectionId("seven"));
                        })
                        .onBorrow(lease -> calls.add("onBorrow"))
                        .onReturn(lease -> calls.add("onReturn"))
                        .onClose(closed::complete));

        pool.useConnection(lease -> assertEquals("seven", lease.getId().getValue()));
        pool.drain(Duration.ofSeconds(20));

        assertEquals(
                Duration.class,
                JavaTimes.openTime(closed.get(20, TimeUnit.SECONDS)).getClass());
        assertEquals(List.of("beforeConnect", "onConnect login", "onBorrow", "onReturn"), List.copyOf(calls));
    }

    @Test
    void anInterruptOfTheHooksOwnIsToldAsWhatItIs() throws Exception {
        InterruptedException mine = new InterruptedException("mine");
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .onReturn(lease -> {
                            if (!lease.isReused()) throw mine;
                        })
                        .onBackgroundError(told::complete));
        pool.useConnection(lease -> {});
        assertInstanceOf(InterruptedException.class, told.get(20, TimeUnit.SECONDS));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aHookThatTakesTooLongIsInterrupted() throws Exception {
        CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .borrowTimeout(Duration.ofSeconds(20))
                        .onReturn(Duration.ofMillis(20), lease -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException failure) {
                                interrupted.complete(failure);
                                throw failure;
                            }
                        })
                        .onBackgroundError(failure -> {}));
        while (!interrupted.isDone()) { // where it had no thread in time, it was not even begun
            JavaLease lease = pool.borrow();
            assertFalse(lease.isReused());
            lease.release();
        }
        assertInstanceOf(InterruptedException.class, interrupted.join());
        pool.close();
    }

    @Test
    void aVetoOfOnBorrowClosesTheConnection() {
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .onBorrow(Duration.ofSeconds(20), lease -> false)
                        .borrowTimeout(Duration.ofMillis(50)));
        assertThrows(BorrowTimeoutException.class, pool::borrow);
        assertThrows(UnsupportedOperationException.class, pool::tryBorrow);
        pool.close();
    }

    @Test
    void whatFailsInAHookIsTold() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        IllegalStateException mine = new IllegalStateException("mine");
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .onReturn(lease -> {
                            throw mine;
                        })
                        .onBackgroundError(Duration.ofSeconds(20), told::complete));
        pool.borrow().release();
        assertEquals("" + mine, "" + told.get(20, TimeUnit.SECONDS)); // with assertions on, coroutines throw a copy
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void policiesAreMadeAndHeeded() throws Exception {
        CompletableFuture<String> handled = new CompletableFuture<>();
        CompletableFuture<Integer> code = new CompletableFuture<>();
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .unsolicitedMessages(JavaPolicies.handle((id, message) -> handled.complete(id + " " + message)))
                        .unreadMessages(JavaPolicies.drain(10, Duration.ofSeconds(20), new Message.Text("end")::equals))
                        .goAwayWhen(new Message.Text("bye")::equals)
                        .reuseAfterFailure(IllegalStateException.class::isInstance)
                        .onCloseCode(info -> {
                            code.complete(info.getCode());
                            return CloseAction.Replace.INSTANCE;
                        }));
        assertThrows(
                IllegalStateException.class,
                () -> pool.useConnection(lease -> {
                    throw new IllegalStateException("the connection is none the worse for it");
                }));
        JavaLease lease = pool.borrow();
        assertTrue(lease.isReused());
        lease.send("end"); // its echo is not read
        lease.release();
        while (pool.getStats().getIdle() == 0) Thread.yield(); // it is drained in the background
        connector.getConnections().get(0).receives("unasked");
        assertTrue(handled.get(20, TimeUnit.SECONDS).endsWith("Text(7 chars)"));
        connector.getConnections().get(0).closes(4000, "");
        assertEquals(4000, code.get(20, TimeUnit.SECONDS));
        assertEquals(1, connector.getDialCount());
        while (pool.getStats().getTotal() > 0) Thread.yield(); // its end is known
        pool.borrow().release();
        while (pool.getStats().getIdle() == 0) Thread.yield(); // it is nobody's
        connector.getConnections().get(1).receives("bye");
        Fixture.awaitEnd(connector.getConnections().get(1));
        pool.close();
    }

    @Test
    void thePoolEndsWithItsParent() throws Exception {
        CompletableFuture<Void> application = new CompletableFuture<>();
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.parent(application));
        pool.borrow();
        application.complete(null);
        pool.awaitClosed();
        assertEquals(0, connector.getOpenConnections());
    }
}
