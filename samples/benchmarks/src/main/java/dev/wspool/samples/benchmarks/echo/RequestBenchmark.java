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

/** An exchange of 100 bytes by itself: on a connection of its own, as without a pool, and on one that a pool lends. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RequestBenchmark {
    private static final int POOLED = 400;
    private static final int UNPOOLED = 10;

    @Param({"ws", "wss"})
    private String transport;

    private final byte[] message = new byte[100];
    private EchoCalls pooled;
    private UnpooledCalls unpooled;

    @Setup(Level.Trial)
    public void open() {
        pooled = EchoCalls.open("wspool", 1, transport);
        unpooled = UnpooledCalls.open(transport);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        pooled.close();
        unpooled.close();
    }

    /** Ktor on CIO opens a connection, makes the exchange and closes. */
    @Benchmark
    @OperationsPerInvocation(UNPOOLED)
    public void newConnection() {
        unpooled.exchange(message, UNPOOLED);
    }

    @Benchmark
    @OperationsPerInvocation(POOLED)
    public void pooled() {
        pooled.exchange(1, message, POOLED);
    }
}
