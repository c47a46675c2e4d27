package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.CloseInfo;
import dev.wspool.ConnectionLostException;
import dev.wspool.InBackground;
import dev.wspool.Message;
import dev.wspool.NetworkState;
import dev.wspool.OnNetworkLoss;
import dev.wspool.PoolEvent;
import dev.wspool.PoolStats;
import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes one after another: publishers, and listeners where there is no {@link Flow}. */
@Timeout(60)
class PublishersTest {
    private final FakeConnector connector = Fixture.silent();
    private final CompletableFuture<Throwable> reported = new CompletableFuture<>();
    private final JavaWebSocketPool pool =
            Fixture.pool(connector, c -> c.maxConnections(1).onBackgroundError(reported::complete));

    /** Keeps what it is told. */
    private static class Recorder<T> implements Flow.Subscriber<T> {
        final BlockingQueue<T> values = new LinkedBlockingQueue<>();
        final CompletableFuture<Throwable> end = new CompletableFuture<>();
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(T value) {
            values.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }

        T await() throws InterruptedException {
            return values.poll(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void messagesComeAsTheyAreAskedForAndTheRestStaysOnTheConnection() throws Exception {
        JavaLease lease = pool.borrow();
        FakeConnection connection = connector.getConnections().get(0);
        for (String text : new String[] {"one", "two", "three"}) connection.receives(text);
        Recorder<Message> recorder = new Recorder<>();
        JavaPublishers.messages(lease).subscribe(recorder);
        recorder.subscription.request(2);
        assertEquals(new Message.Text("one"), recorder.await());
        assertEquals(new Message.Text("two"), recorder.await());
        recorder.subscription.cancel();
        assertEquals("three", lease.receiveText());
        assertTrue(recorder.values.isEmpty());
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void messagesEndAsTheConnectionDoes() throws Exception {
        JavaLease lease = pool.borrow();
        Recorder<Message> recorder = new Recorder<>();
        JavaPublishers.messages(lease).subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        recorder.subscription.request(Long.MAX_VALUE);
        connector.getConnections().get(0).receives("last");
        connector.getConnections().get(0).closes(CloseInfo.NORMAL, "");
        assertEquals(null, recorder.end.get(20, TimeUnit.SECONDS));
        assertEquals(1, recorder.values.size());

        JavaLease second = pool.borrow();
        Recorder<Message> loser = new Recorder<>();
        JavaPublishers.messages(second).subscribe(loser);
        loser.subscription.request(1);
        connector.getConnections().get(1).dies(CloseInfo.ABNORMAL, "", null);
        assertInstanceOf(ConnectionLostException.class, loser.end.get(20, TimeUnit.SECONDS));
        lease.release();
        second.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aRequestForNothingIsAMistake() throws Exception {
        JavaLease lease = pool.borrow();
        Recorder<Message> recorder = new Recorder<>();
        JavaPublishers.messages(lease).subscribe(recorder);
        recorder.subscription.request(0);
        assertInstanceOf(IllegalArgumentException.class, recorder.end.get(20, TimeUnit.SECONDS));
        assertThrows(
                NullPointerException.class, () -> JavaPublishers.messages(lease).subscribe(null));
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aMistakeIsToldAtOnceAndNotWithTheNextMessage() throws Exception {
        JavaLease lease = pool.borrow();
        FakeConnection connection = connector.getConnections().get(0);
        Recorder<Message> recorder = new Recorder<>();
        JavaPublishers.messages(lease).subscribe(recorder);
        recorder.subscription.request(2);
        connection.receives("one");
        assertEquals(new Message.Text("one"), recorder.await()); // from now on it waits for the second, or soon does
        recorder.subscription.request(-1);
        assertInstanceOf(IllegalArgumentException.class, recorder.end.get(20, TimeUnit.SECONDS));
        connection.receives("two");
        assertEquals("two", lease.receiveText());
        lease.release();
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void nobodyIsToldOfNothing() {
        JavaNetworkSignal signal = new JavaNetworkSignal(new NetworkState(true), OnNetworkLoss.Wait, InBackground.Keep);
        assertThrows(NullPointerException.class, () -> signal.tell(null));
        assertThrows(
                NullPointerException.class, () -> new JavaNetworkSignal(null, OnNetworkLoss.Wait, InBackground.Keep));
        assertThrows(NullPointerException.class, () -> pool.onEvent(null));
        assertThrows(NullPointerException.class, () -> JavaWebSocketPool.wrap(null));
        List<Consumer<JavaPoolBuilder>> nothing = List.of(
                c -> c.onConnect(null),
                c -> c.onBorrow(null),
                c -> c.onReturn(null),
                c -> c.onClose(null),
                c -> c.onBackgroundError(null));
        for (Consumer<JavaPoolBuilder> hook : nothing)
            assertThrows(NullPointerException.class, () -> Fixture.pool(connector, hook));
    }

    @Test
    void eventsEndWithThePool() throws Exception {
        Recorder<PoolEvent> recorder = new Recorder<>();
        JavaPublishers.events(pool).subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        while (recorder.values.isEmpty()) { // it listens from some moment on
            pool.pause();
            pool.resume();
        }
        pool.close();
        assertEquals(null, recorder.end.get(20, TimeUnit.SECONDS));
        assertTrue(recorder.values.stream().anyMatch(PoolEvent.Ended.class::isInstance));
    }

    @Test
    void eventsOfAPoolThatHasEndedComplete() throws Exception {
        pool.close();
        pool.awaitClosed();
        Recorder<PoolEvent> recorder = new Recorder<>();
        JavaPublishers.events(pool).subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        assertEquals(null, recorder.end.get(20, TimeUnit.SECONDS));
        assertInstanceOf(PoolEvent.Ended.class, recorder.await());
    }

    @Test
    void statsComeAgainAndAgain() throws Exception {
        Recorder<PoolStats> recorder = new Recorder<>();
        JavaPublishers.stats(pool, Duration.ofMillis(1)).subscribe(recorder);
        recorder.subscription.request(3);
        for (int number = 0; number < 3; number++)
            assertEquals(0, recorder.await().getTotal());
        recorder.subscription.cancel();
        assertThrows(IllegalArgumentException.class, () -> JavaPublishers.stats(pool, Duration.ZERO));
    }

    @Test
    void aListenerIsToldUntilItIsClosedOrThrows() throws Exception {
        BlockingQueue<PoolEvent> told = new LinkedBlockingQueue<>();
        Registration registration = pool.onEvent(told::add);
        while (told.isEmpty()) {
            pool.pause();
            pool.resume();
        }
        registration.close();

        IllegalStateException mine = new IllegalStateException("mine");
        try (Registration failing = pool.onStats(Duration.ofMillis(1), stats -> {
            throw mine;
        })) {
            assertEquals(mine, reported.get(20, TimeUnit.SECONDS));
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }
}
