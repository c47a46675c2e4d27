package dev.wspool.samples.benchmarks.pools;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.Lease;
import dev.wspool.WebSocketPool;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.Blackhole;

/** What a borrow may cost, in what no other program on the machine can change: bytes, and a ratio to a rival at the same time. */
class BorrowCostTest {
    /** The lease, and nothing else. */
    private static final int BYTES_OF_CYCLE = 24;

    private static final int BYTES_OF_RETURN = 0;

    /** The question that is put to the actor, and the lambda in it. */
    private static final int BYTES_OF_VAIN_TRY = 0;

    /** The goal on a quiet machine is 0.10. */
    private static final double MOST_OF_COMMONS_POOL2 = 0.5;

    private static final int CONNECTIONS = 8;
    private static final int CYCLES = 1_000;

    private final Blackhole blackhole = new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");
    private final WspoolPool wspool = new WspoolPool(CONNECTIONS);
    private final Caller caller = new Caller();

    @AfterEach
    void close() {
        wspool.close();
    }

    @Test
    void withConnectionAllocatesItsLeaseAlone() {
        assertBytes(BYTES_OF_CYCLE, () -> bytesOfCycle(() -> caller.await(wspool.cycles(CYCLES, blackhole, caller))));
    }

    @Test
    void deadlineAllocatesNothing() {
        assertBytes(
                BYTES_OF_CYCLE, () -> bytesOfCycle(() -> caller.await(wspool.cyclesWithin(CYCLES, blackhole, caller))));
    }

    /** Whole bytes: what the coroutine of all cycles allocates, once, is less than one for each. */
    private static double bytesOfCycle(Runnable cycles) {
        return Allocation.of(cycles) / CYCLES;
    }

    @Test
    void returnAllocatesNothing() {
        WebSocketPool pool = wspool.getPool();
        Lease[] leases = new Lease[CONNECTIONS];
        assertBytes(BYTES_OF_RETURN, () -> {
            for (int i = 0; i < CONNECTIONS; i++) leases[i] = pool.tryBorrow();
            return Allocation.of(() -> {
                for (Lease lease : leases) lease.release();
            });
        });
    }

    @Test
    void tryBorrowThatFindsNothingAllocatesItsQuestionAlone() {
        WebSocketPool pool = wspool.getPool();
        for (int i = 0; i < CONNECTIONS; i++) pool.tryBorrow();
        assertNull(pool.tryBorrow());
        assertBytes(
                BYTES_OF_VAIN_TRY,
                () -> bytesOfCycle(() -> {
                    for (int i = 0; i < CYCLES; i++) blackhole.consume(pool.tryBorrow());
                }));
    }

    private static void assertBytes(int most, DoubleSupplier measure) {
        double bytes = Attempts.least(most, measure);
        assertTrue(bytes <= most, () -> bytes + " bytes are allocated, where there must be " + most + " at most");
    }

    @Test
    void withConnectionTakesAFractionOfWhatCommonsPool2Takes() throws Exception {
        try (Lender mine = new SuspendingLender(wspool);
                Lender theirs = new CommonsPool(CONNECTIONS, false)) {
            Fastest fastestOfMine = new Fastest(mine);
            Fastest fastestOfTheirs = new Fastest(theirs);
            double ratio = Attempts.least(MOST_OF_COMMONS_POOL2, () -> {
                for (int i = 0; i < 100; i++) {
                    fastestOfMine.measure();
                    fastestOfTheirs.measure();
                }
                return fastestOfMine.nanos / fastestOfTheirs.nanos;
            });
            assertTrue(ratio <= MOST_OF_COMMONS_POOL2, () -> "It took " + ratio + " of what commons-pool2 takes");
        }
    }

    /** The fastest of many short rounds: one at least is not interrupted. */
    private final class Fastest {
        private final Lender lender;
        private double nanos = Double.POSITIVE_INFINITY;

        Fastest(Lender lender) {
            this.lender = lender;
        }

        void measure() {
            long start = System.nanoTime();
            try {
                lender.cycles(CYCLES, blackhole);
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
            nanos = Math.min(nanos, System.nanoTime() - start);
        }
    }
}
