package dev.wspool.samples.benchmarks.scale;

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

/** As {@link PingBenchmark}, with twice as many connections, in a process that has 64 MiB of heap for all of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx64m")
public class SmallHeapBenchmark {
    @Param({"wspool", "netty"})
    private String client;

    @Param("10000")
    private int connections;

    @Benchmark
    public void ping(PingBenchmark.Counters counters) throws Exception {
        counters.measure(client, connections);
    }
}
