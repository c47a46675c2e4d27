package dev.wspool.samples.benchmarks.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file that {@code -rf json} has made. */
record JmhFile(Path path) {
    List<Result> read() throws IOException {
        var results = new ArrayList<Result>();
        try (var reader = Files.newBufferedReader(path)) {
            for (var each : JsonParser.parseReader(reader).getAsJsonArray())
                results.add(result(each.getAsJsonObject()));
        }
        return results;
    }

    private static Result result(JsonObject json) {
        var metric = json.getAsJsonObject("primaryMetric");
        return new Result(
                simpleName(json.get("benchmark").getAsString()),
                params(json.getAsJsonObject("params")),
                metric.get("score").getAsDouble(),
                iterations(metric.getAsJsonArray("rawData")),
                counters(json.getAsJsonObject("secondaryMetrics")),
                "JDK " + text(json, "jdkVersion") + ", " + text(json, "vmName") + " " + text(json, "vmVersion"));
    }

    /** Class and method, without the package. */
    private static String simpleName(String benchmark) {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }

    private static Map<String, String> params(JsonObject json) {
        var params = new TreeMap<String, String>();
        if (json != null) json.asMap().forEach((name, value) -> params.put(name, value.getAsString()));
        return params;
    }

    /** Of all forks. */
    private static List<Double> iterations(JsonArray forks) {
        var iterations = new ArrayList<Double>();
        for (JsonElement fork : forks) for (var each : fork.getAsJsonArray()) iterations.add(each.getAsDouble());
        return iterations;
    }

    private static Map<String, Double> counters(JsonObject json) {
        var counters = new TreeMap<String, Double>();
        json.asMap()
                .forEach((name, metric) ->
                        counters.put(name, metric.getAsJsonObject().get("score").getAsDouble()));
        return counters;
    }

    private static String text(JsonObject json, String name) {
        return json.get(name).getAsString();
    }
}
