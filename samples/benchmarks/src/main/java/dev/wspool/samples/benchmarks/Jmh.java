package dev.wspool.samples.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs JMH with its own options. */
@Command(
        name = "jmh",
        description = "Runs the JMH benchmarks; takes JMH's own options (-l lists, -h helps).",
        mixinStandardHelpOptions = false)
final class Jmh implements Callable<Integer> {
    @Unmatched
    private String[] options = {};

    @Override
    public Integer call() throws Exception {
        org.openjdk.jmh.Main.main(options);
        return 0;
    }
}
