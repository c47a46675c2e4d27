package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.MalformedMessageException;
import dev.wspool.Message;
import dev.wspool.ReceiveTimeoutException;
import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages as values, for callers in Java; and what becomes of those that are none. */
@Timeout(60)
class CodecTest {
    private static final Duration SOON = Duration.ofMillis(20);

    private final FakeConnector connector = Fixture.silent();
    private final JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));

    /** Texts as "EURUSD=7". */
    private static final class Prices implements Codec<Map.Entry<String, Integer>> {
        @Override
        public Message encode(Map.Entry<String, Integer> value) throws IOException {
            if (value.getValue() < 0) throw new IOException("negative");
            if (value.getKey().isEmpty()) throw new IllegalStateException("nameless");
            return new Message.Text(value.getKey() + "=" + value.getValue());
        }

        @Override
        public Map.Entry<String, Integer> decode(Message message) throws IOException {
            String[] parts = ((Message.Text) message).getText().split("=");
            if (parts.length != 2) throw new IOException("There is no price\nin " + message);
            return Map.entry(parts[0], Integer.parseInt(parts[1]));
        }

        @Override
        public String typeName() {
            return "price";
        }
    }

    private final Codec<Map.Entry<String, Integer>> prices = new Prices();

    @Test
    void valuesGoOutAndComeIn() throws Exception {
        try (JavaLease lease = pool.borrow()) {
            FakeConnection peer = connector.getConnections().get(0);
            lease.send(Map.entry("EURUSD", 7), prices);
            lease.sendAsync(Map.entry("GBPUSD", 8), prices).get(20, TimeUnit.SECONDS);
            assertEquals(new Message.Text("EURUSD=7"), Fixture.awaitSent(peer));
            assertEquals(new Message.Text("GBPUSD=8"), Fixture.awaitSent(peer));
            peer.receives("A=1");
            peer.receives("B=2");
            peer.receives("C=3");
            assertEquals(Map.entry("A", 1), lease.receive(prices));
            assertEquals(Map.entry("B", 2), lease.receive(prices, Duration.ofSeconds(20)));
            assertEquals(Map.entry("C", 3), lease.receiveAsync(prices).get(20, TimeUnit.SECONDS));
            assertThrows(ReceiveTimeoutException.class, () -> lease.receive(prices, SOON));
            peer.receives("D=4");
            assertEquals(
                    Map.entry("D", 4),
                    lease.receiveAsync(prices, Duration.ofSeconds(20)).get(20, TimeUnit.SECONDS));
            peer.echoes();
            Message reply = lease.request(JavaRequest.of(Map.entry("E", 5), prices));
            assertEquals(Map.entry("E", 5), prices.decode(reply));
        }
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aMessageThatCannotBeReadIsToldAndTheLeaseGoesOn() throws Exception {
        try (JavaLease lease = pool.borrow()) {
            FakeConnection peer = connector.getConnections().get(0);
            peer.receives("nonsense");
            MalformedMessageException e = assertThrows(MalformedMessageException.class, () -> lease.receive(prices));
            String text = "A message on Connection c1 to ws://fake is no price: ";
            assertEquals(text + "There is no price. It begins \"nonsense\" (8 characters)", e.getMessage());
            assertEquals(new Message.Text("nonsense"), e.getReceived());
            assertNull(e.getCause());
            peer.receives("A=x");
            ExecutionException failed = assertThrows(
                    ExecutionException.class, () -> lease.receiveAsync(prices).get(20, TimeUnit.SECONDS));
            assertInstanceOf(MalformedMessageException.class, failed.getCause());
            peer.receives(new byte[] {1});
            MalformedMessageException kind = assertThrows(MalformedMessageException.class, () -> lease.receive(prices));
            assertTrue(kind.getMessage().endsWith("It begins 01 (1 bytes)"), kind.getMessage());
            peer.receives("A=1");
            assertEquals(Map.entry("A", 1), lease.receive(prices));
        }
        assertTrue(pool.withConnection(JavaAsyncLease::isReused));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aValueThatCannotBeWrittenIsNotSentAndTheLeaseStaysClean() throws Exception {
        try (JavaLease lease = pool.borrow()) {
            IllegalArgumentException checked =
                    assertThrows(IllegalArgumentException.class, () -> lease.send(Map.entry("A", -1), prices));
            assertEquals("The value cannot be written as price", checked.getMessage());
            assertInstanceOf(IOException.class, checked.getCause());
            assertThrows(IllegalArgumentException.class, () -> lease.sendAsync(Map.entry("A", -1), prices));
            assertThrows(IllegalStateException.class, () -> lease.send(Map.entry("", 1), prices));
        }
        assertTrue(pool.withConnection(JavaAsyncLease::isReused));
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aValueOfAFutureThatWasCancelledIsThereForTheNextReceive() throws Exception {
        Steps steps = new Steps();
        try (JavaWebSocketPool stepped = Fixture.pool(connector, c -> c.executor(steps))) {
            CompletableFuture<JavaLease> borrowed = stepped.borrowAsync();
            while (!borrowed.isDone()) steps.step();
            JavaLease lease = borrowed.get();
            AtomicReference<CompletableFuture<String>> value = new AtomicReference<>();
            value.set(lease.receiveAsync(new Texts(() -> value.get().cancel(true))));
            connector.getConnections().get(0).receives("not lost");
            while (!value.get().isDone()) steps.step();
            assertTrue(value.get().isCancelled());
            assertEquals("not lost", lease.receiveText());
            steps.free();
            lease.release();
        }
        pool.close();
    }

    /** Texts as they are, and something that is done while they are read. */
    private static final class Texts implements Codec<String> {
        private final Runnable meanwhile;

        Texts(Runnable meanwhile) {
            this.meanwhile = meanwhile;
        }

        @Override
        public Message encode(String value) {
            return new Message.Text(value);
        }

        @Override
        public String decode(Message message) {
            meanwhile.run();
            return ((Message.Text) message).getText();
        }
    }

    @Test
    void aCodecWithoutANameIsCalledByItsClass() throws Exception {
        assertEquals(Texts.class.getName(), new Texts(() -> {}).typeName());
        pool.close();
    }
}
