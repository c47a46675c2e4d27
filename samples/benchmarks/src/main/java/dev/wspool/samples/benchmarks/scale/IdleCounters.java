package dev.wspool.samples.benchmarks.scale;

import dev.wspool.samples.benchmarks.echo.ServerAddress;
import javax.management.JMException;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What idle connections come to. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class IdleCounters {
    public double openMillis;
    public double closeMillis;

    /** All that this process holds because of a connection, its share of the client included. */
    public double heapBytesPerConnection;

    /** Threads more than before the first connection. */
    public int threads;

    void measure(String client, int connections, ServerAddress server, String transport) throws JMException {
        // One connection before, so that classes and shared dispatchers are nobody's.
        try (var first = ManyConnections.of(client, 1, server, transport, 0)) {
            first.open();
            first.use();
        }
        long heap = Footprint.heap();
        int before = Footprint.threads();
        var many = ManyConnections.of(client, connections, server, transport, 0);
        var watch = new Stopwatch();
        many.open();
        openMillis = watch.millis();
        many.use();
        heapBytesPerConnection = (double) (Footprint.heap() - heap) / connections;
        threads = Footprint.threads() - before;
        watch.millis();
        many.close();
        closeMillis = watch.millis();
    }
}
