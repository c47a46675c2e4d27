package dev.wspool.java;

import dev.wspool.ConnectionState;
import dev.wspool.PoolStats;
import dev.wspool.ReconnectingWebSocket;
import dev.wspool.internal.java.Listening;
import dev.wspool.internal.java.ReconnectingCalls;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The part of a {@link JavaReconnectingWebSocket} that tells what it is and whether it is connected. */
public abstract class JavaReconnectingView {
    final ReconnectingWebSocket socket;

    JavaReconnectingView(ReconnectingWebSocket socket) {
        this.socket = socket;
    }

    /**
     * What errors and logs call it.
     *
     * @return its name.
     */
    public String getName() {
        return socket.getName();
    }

    /**
     * What it has done.
     *
     * @return a snapshot.
     */
    public PoolStats getStats() {
        return socket.getStats();
    }

    /**
     * Whether there is a connection, and why not.
     *
     * @return the state now.
     */
    public ConnectionState getConnectionState() {
        return socket.getConnectionState().getValue();
    }

    /**
     * Tells a listener of the state now, and of each change, up to and including the last; one who is slow misses some, but never the latest.
     *
     * @param listener called on the pool's executor; may block.
     * @return ends it.
     */
    public Registration onConnectionState(Consumer<? super ConnectionState> listener) {
        Listening<ConnectionState> listening = ReconnectingCalls.states(socket, new ConsumerSink<>(listener));
        listening.request(Long.MAX_VALUE);
        listening.start();
        return listening::cancel;
    }

    /**
     * Waits until there is a connection, for as long as it takes.
     *
     * @return the connection.
     * @throws dev.wspool.ConnectFailedException where connecting failed in a way that trying again is not likely to mend.
     * @throws dev.wspool.PoolClosedException after {@link JavaReconnectingWebSocket#close}.
     * @throws InterruptedException where the thread is interrupted; it changes nothing.
     */
    public ConnectionState.Connected awaitConnected() throws InterruptedException {
        return ReconnectingCalls.awaitConnected(socket).await();
    }

    /**
     * As {@link #awaitConnected}, without blocking.
     *
     * @return completed when there is a connection.
     */
    public CompletableFuture<ConnectionState.Connected> awaitConnectedAsync() {
        return ReconnectingCalls.awaitConnected(socket).future();
    }
}
