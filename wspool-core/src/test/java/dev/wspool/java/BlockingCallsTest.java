package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.AffinityKey;
import dev.wspool.BorrowTimeoutException;
import dev.wspool.CloseInfo;
import dev.wspool.ConnectionLostException;
import dev.wspool.LeaseReleasedException;
import dev.wspool.Message;
import dev.wspool.PoolClosedException;
import dev.wspool.ReceiveTimeoutException;
import dev.wspool.WarmUpReport;
import dev.wspool.test.FakeConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls that block. */
@Timeout(60)
class BlockingCallsTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private final FakeConnector connector = Fixture.echoing();
    private final JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(2));

    @Test
    void aBlockBorrowsUsesAndGivesBack() throws InterruptedException {
        String reply = pool.withConnection(lease -> {
            lease.send("hello");
            return lease.receiveText(Duration.ofSeconds(20));
        });
        pool.useConnection(lease -> assertTrue(lease.isReused()));
        assertEquals("hello", reply);
        assertEquals(1, pool.getStats().getIdle());
        assertEquals(2, pool.getStats().getBorrows());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aThreadThatMayWaitForItselfIsTold() throws InterruptedException {
        try (JavaLease one = pool.borrow();
                JavaLease two = pool.borrow()) {
            String told = assertThrows(BorrowTimeoutException.class, () -> pool.borrow(SOON))
                    .getMessage();
            assertTrue(
                    told.endsWith(
                            " This thread has borrowed 2 of the leases: where it holds them still, it waits for itself in vain."),
                    told);
            List<String> toldAnother = new ArrayList<>();
            Thread another =
                    new Thread(() -> toldAnother.add(assertThrows(BorrowTimeoutException.class, () -> pool.borrow(SOON))
                            .getMessage()));
            another.start();
            another.join();
            assertFalse(toldAnother.get(0).contains("This thread"), toldAnother.get(0));
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aCheckedExceptionOfTheBlockReachesTheCallerAndMakesTheConnectionDirty() throws InterruptedException {
        IOException mine = new IOException("mine");
        try {
            pool.useConnection(lease -> {
                throw mine;
            });
        } catch (IOException caught) { // the compiler knows that it may come
            assertSame(mine, caught);
        }
        assertThrows(
                IllegalStateException.class,
                () -> pool.withConnection(lease -> {
                    throw new IllegalStateException();
                }));
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void eachKindOfMessageGoesOutAndComesIn() throws InterruptedException {
        try (JavaLease lease = pool.borrow(Duration.ofSeconds(20))) {
            lease.send("text");
            assertEquals(new Message.Text("text"), lease.receive());
            lease.send(new byte[] {1, 2});
            assertArrayEquals(new byte[] {1, 2}, lease.receiveBinary());
            lease.send(new Message.Binary(new byte[] {3}));
            assertArrayEquals(new byte[] {3}, lease.receiveBinary(Duration.ofSeconds(20)));
            lease.send("timed");
            assertEquals(new Message.Text("timed"), lease.receive(Duration.ofSeconds(20)));
            lease.send("plain");
            assertEquals("plain", lease.receiveText());
        }
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aLeaseTellsOfItsConnection() throws InterruptedException {
        JavaLease lease = pool.borrow();
        assertEquals(lease.getId(), lease.getId());
        assertFalse(lease.isReused());
        assertFalse(lease.getOpenTime().isNegative());
        assertNull(lease.getCloseInfo());
        assertNotNull(lease.getHandshake());
        assertNull(lease.getLocalAddress());
        assertNull(lease.getRemoteAddress());
        lease.getAttributes().put("user", 7);
        assertFalse(lease.ping().isNegative());
        assertFalse(lease.ping(Duration.ofSeconds(20)).isNegative());
        assertTrue(lease.toString().contains("Connection"));
        lease.release();
        try (JavaLease again = pool.borrow()) {
            assertEquals(7, again.getAttributes().get("user"));
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aFailureOfAWaitNamesItsCaller() throws InterruptedException {
        JavaWebSocketPool small = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = small.borrow();
        BorrowTimeoutException failure = assertThrows(BorrowTimeoutException.class, () -> small.borrow(SOON));
        assertTrue(failure.getMessage().contains("1 of 1 leased"), failure.getMessage());
        assertTrue(
                failure.getMessage().contains(Thread.currentThread().getName()),
                "who holds it: " + failure.getMessage());
        // His own trace, where it was made on his thread, as it may be where he has just served the reaper's turn; else
        // one beside it.
        boolean showsCaller = Stream.concat(Stream.of(failure), Arrays.stream(failure.getSuppressed()))
                .flatMap(shown -> Arrays.stream(shown.getStackTrace()))
                .anyMatch(frame -> frame.getClassName().equals(BlockingCallsTest.class.getName()));
        assertTrue(showsCaller);
        lease.close();
    }

    @Test
    void aRequestSaysWhichConnection() throws InterruptedException {
        AffinityKey key = new AffinityKey("user-7");
        JavaBorrowRequest request = JavaBorrowRequest.any().affinity(key).timeout(Duration.ofSeconds(20));
        JavaLease first = pool.borrow(request);
        JavaLease second = pool.borrow();
        first.release();
        second.release();
        pool.useConnection(request, lease -> assertEquals(first.getId(), lease.getId()));
        assertEquals(second.getId(), pool.withConnection(JavaBorrowRequest.any().id(second.getId()), JavaLease::getId));
        assertThrows(
                IllegalArgumentException.class,
                () -> pool.borrow(JavaBorrowRequest.any().minRemainingLifetime(Duration.ofDays(1))));
        assertThrows(IllegalArgumentException.class, () -> pool.borrow(Duration.ofNanos(-1)));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void tryBorrowReturnsNullWhereNoneIsIdle() throws InterruptedException {
        assertNull(pool.tryBorrow());
        pool.borrow().release();
        try (JavaLease lease = pool.tryBorrow()) {
            assertNotNull(lease);
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void messagesAreTakenUntilANormalClose() throws Exception {
        JavaLease lease = pool.borrow();
        List<Message> taken = new ArrayList<>();
        connector.getConnections().get(0).receives("one");
        connector.getConnections().get(0).receives("two");
        connector.getConnections().get(0).closes(CloseInfo.GOING_AWAY, "");
        lease.forEachMessage(taken::add);
        assertEquals(List.of(new Message.Text("one"), new Message.Text("two")), taken);

        JavaLease second = pool.borrow();
        connector.getConnections().get(1).dies(CloseInfo.ABNORMAL, "", null);
        assertThrows(ConnectionLostException.class, () -> second.forEachMessage(taken::add));
        lease.release();
        second.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void whatALeaseEndsWithIsTheSameAsInKotlin() throws InterruptedException {
        JavaLease lease = pool.borrow();
        assertThrows(ReceiveTimeoutException.class, () -> lease.receive(SOON));
        lease.invalidate();
        assertThrows(LeaseReleasedException.class, () -> lease.send("late"));
        JavaLease detached = pool.borrow().detach();
        pool.close();
        pool.awaitClosed();
        detached.send("outlives the pool");
        assertEquals("outlives the pool", detached.receiveText());
        detached.close();
        assertThrows(PoolClosedException.class, pool::borrow);
    }

    @Test
    void aPoolIsSizedAskedAndEnded() throws InterruptedException {
        WarmUpReport report = pool.warmUp(2);
        assertTrue(report.isComplete());
        pool.awaitReady();
        assertTrue(pool.isReady());
        assertEquals(2, pool.getCapacity());
        assertEquals("ws://fake", pool.getName());
        assertEquals("ws://fake", pool.getEndpoint().getUrl());
        assertEquals(Duration.ofMillis(20), pool.getConnectInterval());
        assertEquals("WebSocketPool(ws://fake)", pool.toString());
        assertEquals("WebSocketPool(ws://fake)", pool.unwrap().toString());

        pool.reconfigure(c -> c.maxConnections(3).borrowTimeout(Duration.ofSeconds(3)));
        assertEquals(3, pool.getConfig().getMaxConnections());
        assertEquals(Duration.ofSeconds(3), pool.getConfig().getBorrowTimeout());
        pool.pause();
        assertThrows(BorrowTimeoutException.class, () -> pool.withConnection(SOON, JavaLease::getId));
        assertThrows(BorrowTimeoutException.class, () -> pool.useConnection(SOON, lease -> {}));
        pool.resume();
        pool.evictIdle();
        pool.reset();
        pool.rotateCredentials();
        Fixture.awaitOpen(connector, 0);
        pool.drain(Duration.ZERO);
        pool.awaitClosed();
    }
}
