package dev.wspool.samples.benchmarks.report;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws what samples/loadtest has measured, as the page's charts are drawn. */
@Command(name = "loadtest", description = "Draws charts of what samples/loadtest has measured (--json FILE).")
public final class LoadTest implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULTS", description = "What --json of samples/loadtest has written.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description =
                    "Where the charts go: loadtest-latency.svg, -rounds.svg, -connections.svg (${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        System.setProperty("java.awt.headless", "true"); // a chart needs fonts, but no screen
        var results = read();
        var charts =
                Map.of("latency", results.latency(), "rounds", results.rounds(), "connections", results.connections());
        Files.createDirectories(out);
        for (var each : charts.entrySet()) {
            if (!each.getValue().hasValues()) continue; // nothing was answered
            Files.writeString(out.resolve("loadtest-" + each.getKey() + ".svg"), Svg.of(each.getValue()));
        }
        return 0;
    }

    private LoadTestFile read() throws IOException {
        try {
            return LoadTestFile.read(file);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "There is no " + e.getFile(), e);
        } catch (JsonParseException | IllegalStateException e) {
            throw new ParameterException(spec.commandLine(), file + " is nothing that samples/loadtest has written", e);
        }
    }
}
