package dev.wspool.consumer;

import dev.wspool.BorrowTimeoutException;
import dev.wspool.ConnectRefusedException;
import dev.wspool.java.JavaWebSocketPool;
import java.net.ServerSocket;
import java.time.Duration;

/** Uses a pool from Java as far as that goes without a server: the client dials, is refused, and the pool says so. */
final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        int nobodysPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobodysPort = socket.getLocalPort();
        }
        try (JavaWebSocketPool pool = JavaWebSocketPool.create(
                "ws://127.0.0.1:" + nobodysPort, c -> c.borrowTimeout(Duration.ofMillis(500)))) {
            String reply = pool.withConnection(lease -> {
                lease.send("hello");
                return lease.receiveText(Duration.ofSeconds(1));
            });
            throw new AssertionError("Nobody's port answered " + reply);
        } catch (BorrowTimeoutException refused) {
            if (!(refused.getCause() instanceof ConnectRefusedException)) {
                throw refused;
            }
            System.out.println(refused.getMessage());
        }
    }
}
