package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.test.FakeConnector;
import dev.wspool.test.FakeDial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A thread that blocks in a call is interrupted: the call has ended when the thread goes on, and has left nothing behind. */
@Timeout(60)
class InterruptTest {
    private final FakeConnector connector = Fixture.silent();

    /** What a thread does, and what came of it. */
    private static final class Caller {
        private final CompletableFuture<Object> outcome = new CompletableFuture<>();
        private volatile boolean isInterrupted;
        private final Thread thread;

        private interface Action {
            Object call() throws Exception;
        }

        Caller(Action action) {
            thread = new Thread(() -> {
                try {
                    Object result = action.call();
                    isInterrupted = Thread.currentThread().isInterrupted();
                    outcome.complete(result);
                } catch (Throwable failure) {
                    isInterrupted = Thread.currentThread().isInterrupted();
                    outcome.complete(failure);
                }
            });
            thread.start();
        }

        /** Waits until he waits, or is done. */
        Caller awaitBlocked() {
            while (thread.getState() != Thread.State.WAITING && thread.isAlive()) Thread.yield();
            return this;
        }

        Object interrupt() throws Exception {
            awaitBlocked();
            thread.interrupt();
            return outcome.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void anInterruptedBorrowerLeavesTheQueue() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrow();
        Caller caller = new Caller(pool::borrow);
        while (pool.getStats().getWaiting() == 0) Thread.yield();

        Object outcome = caller.interrupt();

        assertEquals(InterruptedException.class, outcome.getClass());
        assertFalse(
                caller.isInterrupted,
                "a call that throws InterruptedException clears the status, as any of java.util.concurrent");
        assertEquals(0, pool.getStats().getWaiting());
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
        assertEquals(1, connector.getDialCount());
    }

    @Test
    void anInterruptedThreadBeginsNothing() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> {});
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, pool::borrow);
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(0, connector.getDialCount());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aDialGoesOnForTheNextCaller() throws Exception {
        FakeConnector manual = Fixture.manual();
        JavaWebSocketPool pool = Fixture.pool(manual, c -> c.maxConnections(1));
        Caller caller = new Caller(pool::borrow);
        FakeDial dial = Fixture.awaitDial(manual);
        caller.interrupt();
        dial.succeed();
        try (JavaLease lease = pool.borrow()) {
            assertFalse(lease.isReused());
        }
        assertEquals(1, manual.getDialCount());
        Fixture.assertWholeAndEnd(pool, manual);
    }

    @Test
    void anInterruptedReceiveLosesNoMessageAndMakesDirtyUntilOneSucceeds() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrow();
        assertEquals(
                InterruptedException.class,
                new Caller(lease::receive).interrupt().getClass());
        connector.getConnections().get(0).receives("late");
        assertEquals("late", lease.receiveText());
        lease.release();
        assertEquals(1, pool.getStats().getIdle());

        JavaLease second = pool.borrow();
        assertEquals(
                InterruptedException.class,
                new Caller(second::receive).interrupt().getClass());
        second.release();
        pool.borrow().release();
        assertEquals(2, connector.getDialCount(), "the late reply of the first is nobody else's");
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void anInterruptedSendMakesTheLeaseDirty() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrow();
        Fixture.neverSends(connector.getConnections().get(0));
        Object outcome = new Caller(() -> {
                    lease.send("hello");
                    return null;
                })
                .interrupt();
        assertEquals(InterruptedException.class, outcome.getClass());
        lease.release();
        pool.borrow().release();
        assertEquals(2, connector.getDialCount());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aBlockThatIsInterruptedIsNeverCleanWhateverMayBeReused() throws Exception {
        JavaWebSocketPool pool =
                Fixture.pool(connector, c -> c.maxConnections(1).reuseAfterFailure(failure -> true));
        CountDownLatch entered = new CountDownLatch(1);
        Caller caller = new Caller(() -> pool.withConnection(lease -> {
            entered.countDown();
            new CountDownLatch(1).await();
            return null;
        }));
        entered.await();
        Object outcome = caller.interrupt();
        assertEquals(InterruptedException.class, outcome.getClass());
        pool.borrow().release();
        assertEquals(2, connector.getDialCount());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void givingBackWorksOnAnInterruptedThread() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrow();
        Thread.currentThread().interrupt();
        lease.close();
        assertTrue(Thread.interrupted(), "a release leaves the status alone");
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aCallThatHadItsResultReturnsItAndKeepsTheInterrupt() throws Exception {
        Steps steps = new Steps();
        JavaWebSocketPool pool =
                Fixture.pool(connector, c -> c.maxConnections(1).executor(steps).pingInterval(JavaTimes.FOREVER));
        Caller caller = new Caller(() -> pool.withConnection(lease -> {
            Thread.currentThread().interrupt();
            return lease.isReused();
        }));
        steps.free();
        assertEquals(false, caller.outcome.get(20, TimeUnit.SECONDS));
        assertTrue(caller.isInterrupted);
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aDrainThatIsInterruptedGoesOn() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrow();
        Caller caller = new Caller(() -> {
            pool.drain(Duration.ofMinutes(1));
            return null;
        });
        assertEquals(InterruptedException.class, caller.interrupt().getClass());
        lease.release();
        pool.awaitClosed();
        assertEquals(0, connector.getOpenConnections());
    }

    /**
     * The matrix: three threads want one connection, one of them is interrupted before each step that the pool's executor takes. He
     * himself is anywhere at that moment, as threads are.
     */
    @ParameterizedTest
    @CsvSource({"0,false", "0,true", "2,false", "2,true"})
    void aThreadMayBeInterruptedBeforeAnyStep(int place, boolean staysInBlock) throws Exception {
        int step = 0;
        while (goes(place, staysInBlock, step)) step++;
        assertTrue(step >= 3, "only " + step + " steps");
    }

    private static boolean goes(int place, boolean staysInBlock, int interruptBefore) throws Exception {
        Steps steps = new Steps();
        FakeConnector connector = Fixture.echoing();
        JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .executor(steps)
                        .pingInterval(JavaTimes.FOREVER)
                        .borrowTimeout(JavaTimes.FOREVER));
        List<Caller> callers = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            boolean stays = staysInBlock && number == place;
            Caller caller = new Caller(() -> pool.withConnection(lease -> {
                lease.send("hello");
                if (stays) lease.receive(); // the echo; the next never comes
                return lease.receiveText();
            }));
            callers.add(caller);
            if (number < 2) caller.awaitBlocked();
        }
        Caller victim = callers.get(place);
        int step = 0;
        boolean wasInterrupted = false;
        while (true) {
            for (Caller caller : callers) caller.awaitBlocked();
            if (step++ == interruptBefore) {
                wasInterrupted = victim.thread.isAlive();
                victim.thread.interrupt();
            }
            Fixture.assertSound(pool);
            if (!steps.step() && steps.isEmpty() && step > 2) break;
        }
        steps.free();
        victim.thread.interrupt();
        for (Caller caller : callers) {
            Object outcome = caller.outcome.get(20, TimeUnit.SECONDS);
            if (caller != victim || !(outcome instanceof InterruptedException)) assertEquals("hello", outcome);
        }
        Fixture.assertWholeAndEnd(pool, connector);
        return wasInterrupted;
    }
}
