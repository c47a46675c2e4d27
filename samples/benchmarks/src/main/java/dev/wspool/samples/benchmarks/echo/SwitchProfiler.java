package dev.wspool.samples.benchmarks.echo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * How often the threads of the process have gone to sleep for an operation, as Linux counts it: {@code -prof} and the name of
 * this class. Those of threads that ended within the iteration are not in it.
 */
public final class SwitchProfiler implements InternalProfiler {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String LINE = "voluntary_ctxt_switches:";

    private long start;

    @Override
    public String getDescription() {
        return "Voluntary context switches of the process per operation (Linux)";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        start = switches();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long switches = switches() - start;
        long operations = result.getMetadata().getAllOps();
        if (operations == 0) return List.of();
        return List.of(
                new ScalarResult("switches.norm", (double) switches / operations, "#/op", AggregationPolicy.AVG));
    }

    private static long switches() {
        try (var threads = Files.list(THREADS)) {
            return threads.mapToLong(it -> switches(it.resolve("status"))).sum();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long switches(Path status) {
        try (var lines = Files.lines(status)) {
            return lines.filter(it -> it.startsWith(LINE))
                    .mapToLong(it -> Long.parseLong(it.substring(LINE.length()).strip()))
                    .sum();
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
