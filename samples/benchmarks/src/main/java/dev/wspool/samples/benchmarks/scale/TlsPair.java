package dev.wspool.samples.benchmarks.scale;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The two ends of a TLS connection in one process, without a network between. */
record TlsPair(SSLEngine client, SSLEngine server) {
    private static final int MESSAGE = 100;
    private static final int ROOM = 64 * 1024;

    /** The handshake, and one message each way. */
    void converse() throws SSLException {
        var toServer = ByteBuffer.allocate(ROOM);
        var toClient = ByteBuffer.allocate(ROOM);
        for (int message = 0; message < MESSAGE; ) {
            // The handshake takes nothing of the message; whatever is ready first goes first.
            message += say(client, MESSAGE - message, toServer);
            hear(server, toServer);
            say(server, 0, toClient);
            hear(client, toClient);
        }
        say(server, MESSAGE, toClient);
        if (hear(client, toClient) != MESSAGE) throw new IllegalStateException("The client has not got the message");
    }

    /** How many bytes of a message of {@code size} have been encrypted; what the handshake wants to say goes first. */
    private static int say(SSLEngine engine, int size, ByteBuffer wire) throws SSLException {
        var message = ByteBuffer.allocate(size);
        SSLEngineResult result;
        do {
            runTasks(engine);
            result = engine.wrap(message, wire);
        } while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                || (result.bytesProduced() > 0 && message.hasRemaining()));
        return message.position();
    }

    /** How many bytes of plaintext came. */
    private static int hear(SSLEngine engine, ByteBuffer wire) throws SSLException {
        var message = ByteBuffer.allocate(ROOM);
        wire.flip();
        while (wire.hasRemaining()) {
            runTasks(engine);
            var result = engine.unwrap(wire, message);
            if (result.bytesConsumed() == 0 && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) break;
        }
        runTasks(engine);
        wire.compact();
        return message.position();
    }

    private static void runTasks(SSLEngine engine) {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
    }
}
