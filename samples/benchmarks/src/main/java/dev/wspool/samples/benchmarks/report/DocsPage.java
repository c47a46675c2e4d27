package dev.wspool.samples.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A page that keeps its prose and gets its tables and charts anew, each in a place between {@code <!-- table NAME -->} or
 * {@code <!-- chart NAME -->} and {@code <!-- end -->}.
 */
final class DocsPage {
    private static final Pattern BEGIN = Pattern.compile("<!-- ((?:table|chart) [a-z0-9-]+) -->");
    private static final String END = "<!-- end -->";

    /** What belongs into a place. */
    @FunctionalInterface
    interface Contents {
        /** @param place its kind and its name, as {@code table NAME}; for nothing the place stays as it is. */
        Optional<String> of(String place);
    }

    private final List<String> lines;
    private final List<String> missing = new ArrayList<>();

    DocsPage(String page) {
        lines = page.lines().toList();
    }

    String filled(Contents contents) {
        var page = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            page.append(lines.get(i)).append('\n');
            var begin = BEGIN.matcher(lines.get(i));
            if (!begin.matches()) continue;
            int end = end(i + 1, begin.group(1));
            var content = contents.of(begin.group(1));
            if (content.isEmpty()) missing.add(begin.group(1));
            page.append(content.orElse(joined(lines.subList(i + 1, end))));
            page.append(END).append('\n');
            i = end;
        }
        return page.toString();
    }

    private int end(int from, String place) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).equals(END)) return i;
            if (BEGIN.matcher(lines.get(i)).matches()) break;
        }
        throw new IllegalArgumentException("The place of " + place + " has no " + END);
    }

    private static String joined(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** The places for which there was nothing. */
    List<String> missing() {
        return missing;
    }
}
