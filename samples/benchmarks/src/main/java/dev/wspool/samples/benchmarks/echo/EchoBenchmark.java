package dev.wspool.samples.benchmarks.echo;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages there and back, each connection waiting for its reply before it sends again: one connection alone, and ten at
 * once. A pool lends a connection for each exchange; other clients have theirs in hand.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class EchoBenchmark {
    private static final int EXCHANGES = 200;

    /** Netty first: it warms the server, to the cost of its own figures and of nobody else's. */
    @Param({
        "netty",
        "wspool",
        "wspool-cio",
        "ktor-wspool",
        "ktor-cio-raw",
        "ktor-cio",
        "wspool-okhttp",
        "ktor-okhttp",
        "okhttp",
        "java.net.http"
    })
    private String client;

    @Param({"ws", "wss"})
    private String transport;

    @Param({"1", "10"})
    private int connections;

    @Param({"100", "65536"})
    private int size;

    private byte[] message;
    private EchoCalls calls;

    @Setup(Level.Trial)
    public void open() {
        message = new byte[size];
        calls = EchoCalls.open(client, connections, transport);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        calls.close();
    }

    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public void exchange() {
        calls.exchange(connections, message, EXCHANGES);
    }
}
