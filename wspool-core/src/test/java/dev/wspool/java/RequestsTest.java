package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.ConnectionLostException;
import dev.wspool.LeaseReleasedException;
import dev.wspool.Message;
import dev.wspool.RequestTimeoutException;
import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import kotlin.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions and their answers, for callers who block, who have futures, and who subscribe. */
@Timeout(60)
class RequestsTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Message END = new Message.Text("end");

    private final FakeConnector connector = Fixture.silent();
    private final JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));

    /** Each further connection answers each question with these. */
    private void answering(String... answers) {
        connector.setOnConnection(peer -> {
            peer.setOnSend(question -> {
                for (String answer : answers) peer.receives(answer);
                return Unit.INSTANCE;
            });
            return Unit.INSTANCE;
        });
    }

    private void assertClosedAndEnd() throws InterruptedException {
        Fixture.awaitEnd(connector.getConnections().get(0));
        answering();
        assertFalse(pool.withConnection(JavaAsyncLease::isReused));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aPoolIsAskedAndTheConnectionGoesBack() throws Exception {
        answering("news", "reply");
        JavaRequest request = JavaRequest.of("ask").timeout(LONG).replyIf(m -> m.equals(new Message.Text("reply")));
        assertEquals(new Message.Text("reply"), pool.request(request));
        assertEquals(new Message.Text("reply"), pool.requestAsync(request).get(20, TimeUnit.SECONDS));
        assertTrue(pool.withConnection(JavaAsyncLease::isReused));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aLeaseIsAsked() throws Exception {
        connector.setOnConnection(peer -> {
            peer.echoes();
            return Unit.INSTANCE;
        });
        try (JavaLease lease = pool.borrow()) {
            assertEquals("one", lease.request("one", LONG));
            assertEquals("two", lease.requestAsync("two", LONG).get(20, TimeUnit.SECONDS));
            Message bytes = lease.request(JavaRequest.of(new byte[] {1, 2}));
            assertArrayEquals(new byte[] {1, 2}, ((Message.Binary) bytes).getBytes());
            assertEquals(END, lease.requestAsync(JavaRequest.of(END)).get(20, TimeUnit.SECONDS));
        }
        assertEquals("three", pool.requestAsync("three", LONG).get(20, TimeUnit.SECONDS));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aRequestThatTakesTooLongEndsItsLease() throws Exception {
        try (JavaLease lease = pool.borrow()) {
            RequestTimeoutException late =
                    assertThrows(RequestTimeoutException.class, () -> lease.request("ask", SOON));
            assertEquals("No reply on Connection c1 to ws://fake within 20ms", late.getMessage());
            assertThrows(LeaseReleasedException.class, () -> lease.request("again", LONG));
        }
        assertClosedAndEnd();
    }

    @Test
    void anInterruptedRequestIsGivenUp() throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread asker = new Thread(() -> {
            try {
                pool.request("ask", LONG);
            } catch (InterruptedException | RuntimeException failure) {
                outcome.complete(failure);
            }
        });
        asker.start();
        Fixture.awaitOpen(connector, 1);
        Fixture.awaitSent(connector.getConnections().get(0));
        asker.interrupt();
        assertInstanceOf(InterruptedException.class, outcome.get(20, TimeUnit.SECONDS));
        assertClosedAndEnd();
    }

    @Test
    void aCancelledFutureGivesItsRequestUp() throws Exception {
        CompletableFuture<String> reply = pool.requestAsync("ask", LONG);
        Fixture.awaitOpen(connector, 1);
        FakeConnection peer = connector.getConnections().get(0);
        Fixture.awaitSent(peer);
        reply.cancel(true);
        assertThrows(CancellationException.class, reply::join);
        assertClosedAndEnd();
    }

    @Test
    void repliesAreTakenUpToTheLast() throws Exception {
        answering("news", "once", "end");
        JavaRequest story = JavaRequest.of("a story")
                .timeout(LONG)
                .lastIf(END::equals)
                .replyIf(m -> !m.toString().isEmpty());
        List<Message> taken = new ArrayList<>();
        pool.forEachReply(story, taken::add);
        assertEquals(List.of(new Message.Text("news"), new Message.Text("once"), END), taken);
        pool.useConnection(lease -> lease.forEachReply(story, taken::add));
        assertEquals(6, taken.size());
        assertTrue(pool.withConnection(JavaAsyncLease::isReused));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void whoThrowsBeforeTheLastGivesUpAndIsHeard() throws Exception {
        answering("once", "end");
        JavaRequest story = JavaRequest.of("a story").lastIf(END::equals);
        IOException mine = new IOException("mine");
        Thread caller = Thread.currentThread();
        IOException thrown = assertThrows(
                IOException.class,
                () -> pool.forEachReply(story, reply -> {
                    assertSame(caller, Thread.currentThread());
                    throw mine;
                }));
        assertSame(mine, thrown);
        assertClosedAndEnd();
    }

    @Test
    void subscribersHaveTheAnswersAsTheyAskForThem() throws Exception {
        answering("once", "upon", "end");
        JavaRequest story = JavaRequest.of("a story").lastIf(END::equals);
        Recorder whole = new Recorder();
        JavaPublishers.requestStream(pool, story).subscribe(whole);
        assertEquals(0, connector.getDialCount());
        whole.subscription.request(Long.MAX_VALUE);
        assertEquals(null, whole.end.get(20, TimeUnit.SECONDS));
        assertEquals(List.of(new Message.Text("once"), new Message.Text("upon"), END), whole.values);

        JavaLease lease = pool.borrow();
        assertTrue(lease.isReused());
        Recorder part = new Recorder();
        JavaPublishers.requestStream(lease, story).subscribe(part);
        part.subscription.request(1);
        part.first.get(20, TimeUnit.SECONDS);
        part.subscription.cancel();
        Fixture.awaitEnd(connector.getConnections().get(0));
        assertThrows(LeaseReleasedException.class, lease::receive);
        assertEquals(List.of(new Message.Text("once")), part.values);
        lease.release();
        answering();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    private static final class Recorder implements Flow.Subscriber<Message> {
        final List<Message> values = new ArrayList<>();
        final CompletableFuture<Message> first = new CompletableFuture<>();
        final CompletableFuture<Throwable> end = new CompletableFuture<>();
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(Message value) {
            values.add(value);
            first.complete(value);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @Test
    void aStaleConnectionIsReplacedForWhoAsksForIt() throws Exception {
        answering("reply");
        JavaRequest request = JavaRequest.of("ask").timeout(LONG);
        pool.request(request);
        FakeConnection stale = connector.getConnections().get(0);
        stale.setOnSend(question -> {
            stale.dies(1006, "", null);
            return Unit.INSTANCE;
        });
        assertEquals(new Message.Text("reply"), pool.request(request.retryStale()));
        assertEquals(2, connector.getDialCount());

        FakeConnection next = connector.getConnections().get(1);
        next.setOnSend(question -> {
            next.dies(1006, "", null);
            return Unit.INSTANCE;
        });
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> pool.requestAsync(request).get(20, TimeUnit.SECONDS));
        assertInstanceOf(ConnectionLostException.class, failed.getCause());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aFreshConnectionCanBeBorrowed() throws Exception {
        assertFalse(pool.withConnection(JavaAsyncLease::isReused));
        assertFalse(pool.withConnection(JavaBorrowRequest.any().fresh(), JavaAsyncLease::isReused));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        JavaRequest request = JavaRequest.of("ask");
        IllegalArgumentException zero =
                assertThrows(IllegalArgumentException.class, () -> request.timeout(Duration.ZERO));
        assertEquals("timeout must be positive, not PT0S", zero.getMessage());
        assertThrows(IllegalArgumentException.class, () -> pool.request("ask", Duration.ofSeconds(-1)));
        assertThrows(NullPointerException.class, () -> request.replyIf(null));
        assertThrows(NullPointerException.class, () -> request.lastIf(null));
        assertThrows(NullPointerException.class, () -> JavaRequest.of((Message) null));
        try (JavaLease lease = pool.borrow()) {
            IllegalArgumentException ofLease =
                    assertThrows(IllegalArgumentException.class, () -> lease.request(request.retryStale()));
            assertEquals("retryStale is for requests of a pool: a lease has one connection", ofLease.getMessage());
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }
}
