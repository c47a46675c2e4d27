package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.test.FakeConnector;
import dev.wspool.test.FakeDial;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A future ends before every step that anything takes on the pool's executor: cancelled, timed out, or completed by somebody else.
 * Nothing is lost by it, and the others are served as if it had not been there.
 */
@Timeout(120)
class FutureCancellationTest {
    /** How the future comes to its end. */
    enum Ending {
        CANCEL(future -> future.cancel(true)),
        /** What {@code orTimeout} does, on the JDK's timer. */
        TIMEOUT(future -> future.completeExceptionally(new TimeoutException())),
        COMPLETE(future -> future.complete(null));

        private final Consumer<CompletableFuture<?>> end;

        Ending(Consumer<CompletableFuture<?>> end) {
            this.end = end;
        }
    }

    /** What the future stands for. */
    enum Kind {
        BORROW(JavaWebSocketPool::borrowAsync),
        ECHO(pool -> pool.withConnectionAsync(FutureCancellationTest::echo)),
        /** A block that does not end of itself. */
        ENDLESS_BLOCK(pool -> pool.withConnectionAsync(lease -> new CompletableFuture<>())),
        /** A block that waits for a message that never comes. */
        ENDLESS_RECEIVE(pool -> pool.withConnectionAsync(JavaLease::receiveAsync));

        private final Function<JavaWebSocketPool, CompletableFuture<?>> start;

        Kind(Function<JavaWebSocketPool, CompletableFuture<?>> start) {
            this.start = start;
        }
    }

    /** Who comes first: he causes the dial, waits for him who did, or waits behind two. */
    static List<Object[]> cells() {
        List<Object[]> cells = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Ending ending : Ending.values()) {
                for (int place = 0; place < 3; place++) cells.add(new Object[] {kind, ending, place});
            }
        }
        return cells;
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aFutureMayEndBeforeAnyStep(Kind kind, Ending ending, int place) throws Exception {
        int step = 0;
        while (new Run(kind, ending, place, step).goes()) step++;
        assertTrue(step > 3, "only " + step + " steps");
    }

    private static CompletableFuture<String> echo(JavaLease lease) {
        return lease.sendAsync("hello").thenCompose(sent -> lease.receiveTextAsync());
    }

    private static final class Run {
        private final Steps steps = new Steps();
        private final FakeConnector connector = Fixture.manual();
        private final JavaWebSocketPool pool = Fixture.pool(
                connector,
                c -> c.maxConnections(1)
                        .executor(steps)
                        .pingInterval(JavaTimes.FOREVER)
                        .borrowTimeout(JavaTimes.FOREVER));
        private final List<CompletableFuture<?>> callers = new ArrayList<>();
        private final int place;
        private final Ending ending;
        private final int endBefore;
        private boolean isGivenBack;
        private boolean hasEnded;

        Run(Kind kind, Ending ending, int place, int endBefore) {
            this.ending = ending;
            this.place = place;
            this.endBefore = endBefore;
            for (int number = 0; number < 3; number++) {
                callers.add(
                        number == place
                                ? kind.start.apply(pool)
                                : pool.withConnectionAsync(FutureCancellationTest::echo));
            }
        }

        /** False where all was over before that step. */
        boolean goes() throws Exception {
            CompletableFuture<?> victim = callers.get(place);
            int step = 0;
            do {
                if (step++ == endBefore) {
                    hasEnded = true;
                    ending.end.accept(victim);
                }
                FakeDial dial = connector.tryConnect();
                if (dial != null) dial.trySucceed();
                giveBack(victim);
                Fixture.assertSound(pool);
            } while (steps.step() || connector.getPendingDials() > 0 || step <= endBefore && step < 3);
            steps.free();
            connector.setAutoConnect(true);
            victim.cancel(true);
            giveBack(victim);
            for (int number = 0; number < 3; number++) {
                if (number != place) assertEquals("hello", callers.get(number).get(20, TimeUnit.SECONDS));
            }
            Fixture.assertWholeAndEnd(pool, connector);
            return hasEnded;
        }

        private void giveBack(CompletableFuture<?> victim) {
            if (isGivenBack || !victim.isDone() || victim.isCompletedExceptionally()) return;
            if (victim.join() instanceof JavaLease) {
                isGivenBack = true;
                ((JavaLease) victim.join()).release();
            }
        }
    }

    /** As {@code exceptionally(failure -> retry())} does, on the thread that cancels: the retry needs what the call still holds. */
    @ParameterizedTest
    @EnumSource(Ending.class)
    void whoWaitsForTheEndMayBlockForTheConnection(Ending ending) throws Exception {
        FakeConnector connector = Fixture.silent();
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Object> endless = pool.withConnectionAsync(lease -> {
            entered.countDown();
            return new CompletableFuture<>();
        });
        CompletableFuture<Boolean> retry = endless.handle((result, failure) -> {
            try {
                return pool.withConnection(JavaLease::isReused);
            } catch (InterruptedException interrupted) {
                throw new CompletionException(interrupted);
            }
        });
        entered.await();

        ending.end.accept(endless);

        assertEquals(false, retry.get(20, TimeUnit.SECONDS));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void orTimeoutGivesUpTheWait(Kind kind) {
        FakeConnector connector = Fixture.silent();
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrowAsync().join();
        CompletableFuture<?> late = kind.start.apply(pool).orTimeout(1, TimeUnit.MILLISECONDS);

        Throwable failure = assertThrows(Exception.class, () -> late.get(20, TimeUnit.SECONDS))
                .getCause();

        assertEquals(TimeoutException.class, failure.getClass());
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }
}
