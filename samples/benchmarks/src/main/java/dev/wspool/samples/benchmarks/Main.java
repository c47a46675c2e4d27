package dev.wspool.samples.benchmarks;

import dev.wspool.samples.benchmarks.report.LoadTest;
import dev.wspool.samples.benchmarks.report.Report;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The one entry of the jar: {@code java -jar benchmarks.jar COMMAND}. */
@Command(
        name = "benchmarks",
        description = "Measures wspool beside its peers.",
        subcommands = {Jmh.class, Report.class, LoadTest.class},
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = "wspool 0.1.0-SNAPSHOT")
final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
