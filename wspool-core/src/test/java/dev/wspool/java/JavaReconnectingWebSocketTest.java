package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.CloseInfo;
import dev.wspool.ConnectionState;
import dev.wspool.Endpoint;
import dev.wspool.Message;
import dev.wspool.PoolClosedException;
import dev.wspool.ReceiveTimeoutException;
import dev.wspool.UnexpectedMessageException;
import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One connection that is always there, as Java has it. */
@Timeout(60)
class JavaReconnectingWebSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeConnector connector = Fixture.echoing();
    private final JavaReconnectingWebSocket socket = JavaReconnectingWebSocket.of(
            connector,
            new Endpoint("ws://fake"),
            c -> c.backoff(JavaPolicies.backoff(Duration.ofMillis(1), Duration.ofMillis(10))));

    private FakeConnection peer() {
        List<FakeConnection> all = connector.getConnections();
        return all.get(all.size() - 1);
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        socket.close();
        socket.awaitClosed();
        Fixture.awaitOpen(connector, 0);
    }

    @Test
    void eachKindOfMessageGoesOutAndComesIn() throws Exception {
        socket.send("text");
        assertEquals("text", socket.receiveText());
        socket.send(new byte[] {1});
        assertArrayEquals(new byte[] {1}, socket.receiveBinary(PATIENCE));
        socket.sendAsync(new Message.Text("later")).get();
        assertEquals(new Message.Text("later"), socket.receiveAsync().get());
        socket.send(new Message.Binary(new byte[] {2}));
        assertArrayEquals(new byte[] {2}, socket.receiveBinary());
        socket.send("timed");
        assertEquals("timed", socket.receiveText(PATIENCE));
        socket.send("text");
        assertThrows(UnexpectedMessageException.class, socket::receiveBinary);
        assertThrows(ReceiveTimeoutException.class, () -> socket.receive(Duration.ZERO));
        assertFalse(socket.ping(PATIENCE).isNegative());
        assertEquals("ws://fake", socket.getName());
        assertEquals("ReconnectingWebSocket(ws://fake)", socket.toString());
        assertEquals(1, socket.getStats().getLeased());
    }

    @Test
    void aReceiveWhoseFutureIsCancelledLosesNothing() throws Exception {
        socket.awaitConnected();
        CompletableFuture<Message> given = socket.receiveAsync();
        given.cancel(true);
        peer().receives("hello");
        assertEquals("hello", socket.receiveText(PATIENCE));
    }

    @Test
    void messagesGoOnOverReconnectionsUntilTheEnd() throws Exception {
        BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
        List<String> taken = new ArrayList<>();
        try (Registration listening = socket.onConnectionState(states::add)) {
            ConnectionState.Connected first = awaitState(states, ConnectionState.Connected.class);
            peer().receives("one");
            peer().dies(CloseInfo.ABNORMAL, "", null);
            awaitAnother(states, first); // that there was none meanwhile is told only to who is quick
            peer().receives("two");
            socket.forEachMessage(message -> {
                taken.add(((Message.Text) message).getText());
                if (taken.size() == 2) socket.close();
            });
            awaitState(states, ConnectionState.Closed.class);
        }
        assertEquals(List.of("one", "two"), taken);
        assertInstanceOf(ConnectionState.Closed.class, socket.getConnectionState());
        assertThrows(PoolClosedException.class, () -> socket.send("late"));
    }

    @Test
    void reconnectOpensAnother() throws Exception {
        ConnectionState.Connected first = socket.awaitConnectedAsync().get();
        socket.reconnect();
        BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
        Registration listening = socket.onConnectionState(states::add);
        awaitAnother(states, first);
        listening.close();
        assertEquals(2, connector.getConnections().size());
        assertTrue(first.getId().toString().contains("1"));
    }

    private static void awaitAnother(BlockingQueue<ConnectionState> states, ConnectionState.Connected before)
            throws InterruptedException {
        ConnectionState.Connected next = before;
        while (next.getId().equals(before.getId())) next = awaitState(states, ConnectionState.Connected.class);
    }

    private static <S extends ConnectionState> S awaitState(BlockingQueue<ConnectionState> states, Class<S> kind)
            throws InterruptedException {
        while (true) {
            ConnectionState state = states.poll(20, TimeUnit.SECONDS);
            if (state == null) throw new AssertionError("No " + kind + " came");
            if (kind.isInstance(state)) return kind.cast(state);
        }
    }
}
