package dev.wspool.samples.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the page's tables and charts of what JMH has measured; nothing in them is written by hand. */
@Command(
        name = "report",
        description =
                "Fills the tables of benchmarks.md and draws its charts, from JMH's results (-rf json -rff FILE).")
public final class Report implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RESULTS",
            arity = "1..*",
            description = "JMH's JSON files; where two have the same benchmark, the later one counts.")
    private List<Path> files;

    @Option(
            names = "--docs",
            paramLabel = "DIR",
            defaultValue = "docs",
            description = "Where benchmarks.md is (${DEFAULT-VALUE}).")
    private Path docs;

    private final Map<String, Content<String>> tables = new TreeMap<>();
    private final Map<String, Content<BarChart>> charts = new TreeMap<>();

    public Report() {
        PoolTables.addTo(tables);
        CrowdTables.addTo(tables);
        EchoTables.addTo(tables);
        SharedTables.addTo(tables);
        ObservedTables.addTo(tables);
        ScaleTables.addTo(tables);
        FleetTables.addTo(tables);
        Goals.addTo(tables);
        Charts.addTo(charts);
    }

    @Override
    public Integer call() throws IOException {
        System.setProperty("java.awt.headless", "true"); // a chart needs fonts, but no screen
        try {
            return report();
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "There is no " + e.getFile(), e);
        }
    }

    private int report() throws IOException {
        var file = docs.resolve("benchmarks.md");
        var page = new DocsPage(Files.readString(file));
        var results = Results.read(files);
        var machine = new Machine(files).line(results);
        tables.put("machine", all -> Optional.of(machine));
        var drawn = draw(results);
        Files.writeString(file, page.filled(place -> content(place, results, drawn)));
        for (var place : page.missing()) {
            spec.commandLine().getErr().println("No results for " + place + ": it stays as it is");
        }
        return 0;
    }

    /** The titles of the charts that there are, by name. */
    private Map<String, String> draw(Results results) throws IOException {
        var folder = Files.createDirectories(docs.resolve("benchmarks"));
        var titles = new TreeMap<String, String>();
        for (var each : charts.entrySet()) {
            var chart = each.getValue().of(results);
            if (chart.isEmpty()) continue;
            Files.writeString(folder.resolve(each.getKey() + ".svg"), Svg.of(chart.get()));
            titles.put(each.getKey(), chart.get().title());
        }
        return titles;
    }

    private Optional<String> content(String place, Results results, Map<String, String> drawn) {
        int space = place.indexOf(' ');
        var name = place.substring(space + 1);
        if (place.startsWith("chart"))
            return Optional.ofNullable(drawn.get(name)).map(it -> "![%s](benchmarks/%s.svg)\n".formatted(it, name));
        return Optional.ofNullable(tables.get(name)).flatMap(it -> it.of(results));
    }
}
