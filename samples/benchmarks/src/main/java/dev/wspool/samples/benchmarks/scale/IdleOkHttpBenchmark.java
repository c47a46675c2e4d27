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

/** As {@link IdleConnectionsBenchmark}, for OkHttp: it has a thread for each connection, so there are fewer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class IdleOkHttpBenchmark {
    @Param({"okhttp"})
    private String client;

    @Param({"1000"})
    private int connections;

    @Benchmark
    public void idle(IdleCounters counters) throws Exception {
        try (var server = ServerProcess.start()) {
            counters.measure(client, connections, server.address(), "ws");
        }
    }
}
