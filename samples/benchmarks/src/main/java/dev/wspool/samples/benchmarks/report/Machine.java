package dev.wspool.samples.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;

/** Where and when it was measured; where is here. */
record Machine(List<Path> files) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    String line(Results results) throws IOException {
        var days = new TreeSet<LocalDate>();
        for (var file : files) {
            days.add(LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneOffset.UTC));
        }
        var when = days.first() + (days.size() == 1 ? "" : " to " + days.last());
        return "%s: %d processors%s, %s %s, %s.\n"
                .formatted(
                        when,
                        Runtime.getRuntime().availableProcessors(),
                        model(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        String.join("; ", results.vms()));
    }

    /** As Linux says; elsewhere nothing. */
    private static String model() throws IOException {
        if (!Files.isReadable(CPU_INFO)) return "";
        try (var lines = Files.lines(CPU_INFO)) {
            return lines.filter(it -> it.startsWith("model name"))
                    .findFirst()
                    .map(it -> " (" + it.substring(it.indexOf(':') + 1).strip() + ")")
                    .orElse("");
        }
    }
}
