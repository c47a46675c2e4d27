package dev.wspool.samples.benchmarks.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.StreamSupport;

/** A file that {@code --json} of samples/loadtest has made, as charts. */
record LoadTestFile(JsonObject requests) {
    private static final int MOST = 40; // bars of a chart

    static LoadTestFile read(Path path) throws IOException {
        try (var reader = Files.newBufferedReader(path)) {
            var requests = JsonParser.parseReader(reader).getAsJsonObject().getAsJsonObject("requests");
            if (requests == null) throw new JsonSyntaxException("it has no requests");
            return new LoadTestFile(requests);
        }
    }

    /** Without bars where nothing was answered. */
    BarChart latency() {
        var bars = new ArrayList<Bar>();
        if (requests.get("latency").isJsonObject()) {
            for (var bucket : list(requests.getAsJsonObject("latency"), "buckets")) {
                var name = Figures.number(number(bucket, "fromMs")) + " to " + Figures.number(number(bucket, "toMs"))
                        + " ms";
                bars.add(bar(name, 100 * number(bucket, "count") / number(requests, "ok")));
            }
        }
        return new BarChart("How long requests took", "percent of the requests that were answered", bars);
    }

    /** Where there are many, several in a row are one bar. */
    BarChart rounds() {
        var rounds = list(requests, "rounds");
        var faults = new HashMap<Integer, String>();
        for (var each : list(requests, "chaos")) faults.put(each.get("round").getAsInt(), text(each, "fault"));
        int size = (rounds.size() + MOST - 1) / MOST;
        var bars = new ArrayList<Bar>();
        for (int i = 0; i < rounds.size(); i += size) {
            var group = rounds.subList(i, Math.min(i + size, rounds.size()));
            double median = group.stream()
                    .filter(it -> !it.get("medianMs").isJsonNull())
                    .mapToDouble(it -> number(it, "medianMs"))
                    .average()
                    .orElse(0);
            double max =
                    group.stream().mapToDouble(it -> number(it, "maxMs")).max().orElse(0);
            double failed =
                    group.stream().mapToDouble(it -> number(it, "failed")).sum();
            var name = new StringBuilder(text(group.get(0), "round"));
            if (size > 1) name.append(" to ").append(text(group.get(group.size() - 1), "round"));
            for (var each : group) {
                var fault = faults.get(each.get("round").getAsInt());
                if (fault != null) name.append(", ").append(fault);
            }
            if (failed > 0) name.append(", ").append(Figures.whole(failed)).append(" failed");
            bars.add(new Bar(name.toString(), true, List.of(median, max)));
        }
        return new BarChart("Rounds", "ms a request; dark: median, pale: longest", bars);
    }

    /** The busiest, where there are many. */
    BarChart connections() {
        var total = number(requests, "ok") + number(requests, "failed");
        var bars = list(requests, "connections").stream()
                .sorted(Comparator.comparingDouble((JsonObject it) -> number(it, "requests"))
                        .reversed())
                .limit(MOST)
                .map(it -> bar(
                        text(it, "id") + (it.get("closed").isJsonNull() ? "" : ", " + text(it, "closed")),
                        100 * number(it, "requests") / total))
                .toList();
        return new BarChart("Connections", "percent of the requests that each carried", total > 0 ? bars : List.of());
    }

    private static Bar bar(String name, double value) {
        return new Bar(name, true, List.of(value));
    }

    private static List<JsonObject> list(JsonObject json, String name) {
        return StreamSupport.stream(json.getAsJsonArray(name).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    /** Zero where there is none. */
    private static double number(JsonObject json, String name) {
        var value = json.get(name);
        return value.isJsonNull() ? 0 : value.getAsDouble();
    }

    private static String text(JsonObject json, String name) {
        return json.get(name).getAsString();
    }
}
