package dev.wspool.samples.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadTestTest {
    @TempDir
    private Path out;

    private final StringWriter err = new StringWriter();

    private int run(Path file) {
        return new CommandLine(new LoadTest())
                .setErr(new PrintWriter(err, true))
                .execute(file.toString(), "--out", out.toString());
    }

    @Test
    void chartsAreDrawnOfAFileThatTheLoadTestWrote() throws Exception {
        assertEquals(0, run(Fixture.LOAD_TEST), err::toString);
        assertTrue(
                texts("latency").containsAll(Set.of("How long requests took", "180 to 220 ms", "270 to 330 ms", "0")));
        assertTrue(texts("rounds").containsAll(Set.of("1", "2, killed, 4 failed", "4, paused", "6, slowed", "7")));
        assertEquals(
                4,
                texts("connections").stream()
                        .filter(it -> it.endsWith(", Lost"))
                        .count());
    }

    @Test
    void roundsThatAreManyShareBars() throws Exception {
        var round = "{'round': %d, 'failed': 1, 'medianMs': 5.0, 'maxMs': 9.5}";
        var rounds = IntStream.rangeClosed(1, 81).mapToObj(round::formatted).collect(Collectors.joining(","));
        assertEquals(
                0,
                run(file(
                        "{'requests': {'ok': 0, 'failed': 81, 'latency': null, 'chaos': [], 'connections': [], 'rounds': [%s]}}"
                                .formatted(rounds))),
                err::toString);
        assertTrue(texts("rounds").containsAll(Set.of("1 to 3, 3 failed", "79 to 81, 3 failed")));
        try (var files = Files.list(out)) {
            assertEquals(
                    List.of("given.json", "loadtest-rounds.svg"),
                    files.map(it -> it.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void nothingIsDrawnOfNothing() throws Exception {
        var round = "{'round': 1, 'failed': 1, 'medianMs': null, 'maxMs': null}";
        assertEquals(
                0,
                run(file(
                        "{'requests': {'ok': 0, 'failed': 1, 'latency': null, 'chaos': [], 'connections': [], 'rounds': [%s]}}"
                                .formatted(round))),
                err::toString);
        try (var files = Files.list(out)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void otherFilesAreRefused() throws Exception {
        for (var text : List.of("[]", "{}", "no JSON {")) {
            assertEquals(2, run(file(text)), text);
            assertTrue(
                    err.toString().contains("given.json is nothing that samples/loadtest has written"), err::toString);
        }
        assertEquals(2, run(out.resolve("none.json")));
        assertTrue(err.toString().contains("There is no " + out.resolve("none.json")), err::toString);
    }

    private Path file(String text) throws Exception {
        return Files.writeString(out.resolve("given.json"), text.replace('\'', '"'));
    }

    private Set<String> texts(String chart) throws Exception {
        var svg = out.resolve("loadtest-" + chart + ".svg").toFile();
        var elements = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(svg)
                .getElementsByTagName("text");
        var texts = new HashSet<String>();
        for (int i = 0; i < elements.getLength(); i++)
            texts.add(elements.item(i).getTextContent());
        return texts;
    }
}
