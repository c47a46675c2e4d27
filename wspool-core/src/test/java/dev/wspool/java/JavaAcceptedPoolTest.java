package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.IdHandshake;
import dev.wspool.JavaClients;
import dev.wspool.Message;
import dev.wspool.SlowReaders;
import dev.wspool.test.FakeConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A pool that clients connect to, from Java. */
class JavaAcceptedPoolTest {
    @Test
    void whoConnectsIsLent() throws Exception {
        try (JavaAcceptedPool pool = JavaAcceptedPool.create(c -> c.maxConnections(2))) {
            FakeConnection client = JavaClients.connect(pool.unwrap());
            String reply = pool.withConnection(lease -> {
                lease.send("hello");
                return lease.receiveText(Duration.ofSeconds(30));
            });
            assertEquals("hello", reply);
            assertEquals(1, pool.broadcast("news").getSent());
            SlowReaders patient = JavaPolicies.disconnect(8, Duration.ofSeconds(3));
            assertEquals(
                    0,
                    pool.broadcast(
                                    new Message.Text("none"),
                                    patient,
                                    c -> c.getAttributes().containsKey("x"))
                            .getSent());
            assertEquals(2, client.getSent().size());
            assertEquals(pool.unwrap(), JavaAcceptedPool.wrap(pool.unwrap()).unwrap());
        }
    }

    @Test
    void bothEndsCallAConnectionByTheSameName() throws Exception {
        try (JavaAcceptedPool pool =
                JavaAcceptedPool.create(c -> c.onConnect(connection -> connection.announceId(IdHandshake.NPWS)))) {
            FakeConnection client = JavaClients.connect(pool.unwrap());
            pool.warmUp(1);
            String id = ((Message.Text) client.getSent().get(0)).getText();
            assertTrue(id.matches("[0-9a-f]{8}"), id);
            pool.evictIdle();
        }
    }

    @Test
    void whatBelongsToDiallingIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> JavaAcceptedPool.create(c -> c.maxConcurrentConnects(3)));
        assertTrue(refusal.getMessage().startsWith("maxConcurrentConnects cannot be set here"));
    }
}
