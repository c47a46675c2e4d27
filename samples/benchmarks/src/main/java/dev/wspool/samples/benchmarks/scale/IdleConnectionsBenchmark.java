package dev.wspool.samples.benchmarks.scale;

import dev.wspool.samples.benchmarks.echo.ServerProcess;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Thousands of idle connections in one process: what they cost to open, to hold and to close. The score is the time of
 * all of it; what it comes to is in the counters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class IdleConnectionsBenchmark {
    @Param({"wspool", "netty", "wspool-cio", "ktor-cio"})
    private String client;

    @Param({"1000", "10000"})
    private int connections;

    @Benchmark
    public void idle(IdleCounters counters) throws Exception {
        try (var server = ServerProcess.start()) {
            counters.measure(client, connections, server.address(), "ws");
        }
    }
}
