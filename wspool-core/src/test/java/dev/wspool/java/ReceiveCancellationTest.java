package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A receive is given up at every moment, and no message is lost, doubled or put behind another. */
@Timeout(60)
class ReceiveCancellationTest {
    enum Kind {
        ANY(lease -> lease.receiveTextAsync()),
        TIMED(lease -> lease.receiveTextAsync(Duration.ofMinutes(1)));

        private final Function<JavaLease, CompletableFuture<String>> start;

        Kind(Function<JavaLease, CompletableFuture<String>> start) {
            this.start = start;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledReceiveLosesNoMessage(Kind kind) throws Exception {
        int step = 0;
        while (goes(kind, step)) step++;
        assertTrue(step >= 2, "only " + step + " steps");
    }

    private static boolean goes(Kind kind, int cancelBefore) throws Exception {
        Steps steps = new Steps();
        FakeConnector connector = Fixture.silent();
        JavaWebSocketPool pool =
                Fixture.pool(connector, c -> c.maxConnections(1).executor(steps).pingInterval(JavaTimes.FOREVER));
        CompletableFuture<JavaLease> borrowed = pool.borrowAsync();
        while (!borrowed.isDone()) steps.step();
        JavaLease lease = borrowed.join();
        FakeConnection connection = connector.getConnections().get(0);

        CompletableFuture<String> receive = kind.start.apply(lease);
        int step = 0;
        boolean wasCancelled = false;
        boolean isSent = false;
        do {
            if (step++ == cancelBefore) wasCancelled = receive.cancel(false);
            if (step == 2) {
                isSent = true;
                connection.receives("first");
                connection.receives("second");
            }
        } while (steps.step() || !isSent);
        steps.free();

        List<String> got = new ArrayList<>();
        if (!receive.isCancelled()) got.add(receive.get(20, TimeUnit.SECONDS));
        while (got.size() < 2) got.add(lease.receiveText(Duration.ofSeconds(20)));
        assertEquals(List.of("first", "second"), got);
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
        assertEquals(1, connector.getDialCount(), "what was given up was made good: the connection is clean");
        return wasCancelled;
    }
}
