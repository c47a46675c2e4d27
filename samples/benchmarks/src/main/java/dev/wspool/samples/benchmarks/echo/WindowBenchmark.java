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
 * One connection with 64 messages under way, each reply letting one more go: what a client moves when it does not have to
 * wait. Only small messages: with 64 of 64 KiB it would be the kernel's buffers that are measured. A pool lends its
 * connection once for the whole conversation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class WindowBenchmark {
    private static final int OUTSTANDING = 64;
    private static final int EXCHANGES = 6_400;

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

    private final byte[] message = new byte[100];
    private EchoCalls calls;

    @Setup(Level.Trial)
    public void open() {
        calls = EchoCalls.open(client, 1, transport);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        calls.close();
    }

    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public void exchange() {
        calls.pipeline(message, EXCHANGES, OUTSTANDING);
    }
}
