package dev.wspool.samples.benchmarks;

import dev.wspool.samples.benchmarks.echo.EchoBenchmark;
import dev.wspool.samples.benchmarks.echo.ServerProcess;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs JMH with its own options; beside it, where a benchmark talks to one, an echo server. */
@Command(
        name = "jmh",
        description = "Runs the JMH benchmarks; takes JMH's own options (-l lists, -h helps).",
        mixinStandardHelpOptions = false)
final class Jmh implements Callable<Integer> {
    @Unmatched
    private String[] options = {};

    @Override
    public Integer call() throws Exception {
        if (!needsServer(new CommandLineOptions(options))) {
            org.openjdk.jmh.Main.main(options);
            return 0;
        }
        try (var server = ServerProcess.start()) {
            // Prepended, as jvmArgs and jvmArgsAppend are the benchmarks' own, by @Fork.
            var address = String.join(" ", server.address().toJvmArguments());
            org.openjdk.jmh.Main.main(Stream.concat(Stream.of("-jvmArgsPrepend", address), Stream.of(options))
                    .toArray(String[]::new));
        }
        return 0;
    }

    private static boolean needsServer(CommandLineOptions options) {
        if (options.shouldHelp() || options.shouldList() || options.shouldListWithParams()) return false;
        var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, options.getIncludes(), options.getExcludes()).stream()
                .anyMatch(it -> it.getUserClassQName().startsWith(EchoBenchmark.class.getPackageName()));
    }
}
