package dev.wspool.samples.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What one run has measured, or several: of the same benchmark with the same parameters the last counts. */
final class Results {
    private record Key(String benchmark, Map<String, String> params) {}

    private final Map<Key, Result> byKey = new LinkedHashMap<>();

    Results(Collection<Result> all) {
        for (var each : all) byKey.put(new Key(each.benchmark(), each.params()), each);
    }

    static Results read(List<Path> files) throws IOException {
        var all = Stream.<Result>builder();
        for (var file : files) new JmhFile(file).read().forEach(all);
        return new Results(all.build().toList());
    }

    List<Result> all(String benchmark, Map<String, String> params) {
        return byKey.values().stream()
                .filter(it -> it.benchmark().equals(benchmark) && it.has(params))
                .toList();
    }

    Optional<Result> one(String benchmark, Map<String, String> params) {
        var found = all(benchmark, params);
        if (found.size() > 1) throw new IllegalArgumentException(benchmark + params + " is more than one result");
        return found.stream().findFirst();
    }

    /** NaN where there is no result. */
    double value(Metric metric, String benchmark, Map<String, String> params) {
        return one(benchmark, params).map(metric::of).orElse(Double.NaN);
    }

    List<String> vms() {
        return byKey.values().stream().map(Result::vm).distinct().toList();
    }
}
