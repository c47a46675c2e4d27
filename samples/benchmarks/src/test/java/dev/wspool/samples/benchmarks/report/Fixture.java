package dev.wspool.samples.benchmarks.report;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results as JMH writes them, with figures that can be reckoned with in the head. */
final class Fixture {
    static final Path RESULTS = path("results.json");

    /** Of one of the same benchmarks. */
    static final Path LATER = path("later.json");

    /** As samples/loadtest writes it: four connections, seven rounds of twelve requests, and chaos. */
    static final Path LOAD_TEST = path("loadtest.json");

    private Fixture() {}

    static Results results(Path... files) throws IOException {
        return Results.read(List.of(files));
    }

    static String table(Results results, String name) {
        return all().get(name).of(results).orElseThrow();
    }

    static Map<String, Content<String>> all() {
        var tables = new TreeMap<String, Content<String>>();
        PoolTables.addTo(tables);
        CrowdTables.addTo(tables);
        EchoTables.addTo(tables);
        ScaleTables.addTo(tables);
        Goals.addTo(tables);
        return tables;
    }

    private static Path path(String name) {
        try {
            return Path.of(Fixture.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
