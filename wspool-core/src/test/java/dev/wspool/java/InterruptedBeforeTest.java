package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.test.FakeConnector;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread that is interrupted already calls an operation of its lease: it does not begin, and its user gives up all the same. */
@Timeout(60)
class InterruptedBeforeTest {
    private final FakeConnector connector = Fixture.silent();

    /** What comes between a request and its reply, or between two parts of a request. */
    enum Operation {
        RECEIVE(JavaLease::receive),
        RECEIVE_IN_TIME(lease -> lease.receiveText(Duration.ofSeconds(20))),
        SEND(lease -> lease.send("the second part")),
        PING(JavaLease::ping);

        private final LeaseConsumer<Exception> call;

        Operation(LeaseConsumer<Exception> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void anOperationThatIsInterruptedBeforeItBeginsMakesTheLeaseDirty(Operation operation) throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        try (JavaLease lease = pool.borrow()) {
            lease.send("request");
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> operation.call.accept(lease));
        }
        try (JavaLease next = pool.borrow()) {
            assertFalse(next.isReused(), "the reply is still to come, and nobody else's");
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aReceiveThatIsInterruptedBeforeItBeginsOwesNothingOnceAnotherSucceeds() throws Exception {
        JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));
        JavaLease lease = pool.borrow();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, lease::receive);
        connector.getConnections().get(0).receives("late");
        assertEquals("late", lease.receiveText());
        lease.release();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, lease::receive); // it has ended: nothing of this is the next user's
        try (JavaLease next = pool.borrow()) {
            assertTrue(next.isReused());
        }
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }
}
