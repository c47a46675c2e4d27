package dev.wspool.samples.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A table with a name and numbers in each row. */
final class MarkdownTable<R> {
    private record Column<R>(String title, String rule, Function<R, String> cell) {}

    private static final String WORDS = "---";
    private static final String FIGURES = "---:";

    private final List<Column<R>> columns = new ArrayList<>();

    MarkdownTable(String title, Function<R, String> name) {
        text(title, name);
    }

    MarkdownTable<R> text(String title, Function<R, String> cell) {
        return column(title, WORDS, cell);
    }

    private MarkdownTable<R> column(String title, String rule, Function<R, String> cell) {
        columns.add(new Column<>(title, rule, cell));
        return this;
    }

    MarkdownTable<R> number(String title, ToDoubleFunction<R> value) {
        return column(title, FIGURES, row -> Figures.number(value.applyAsDouble(row)));
    }

    MarkdownTable<R> whole(String title, ToDoubleFunction<R> value) {
        return column(title, FIGURES, row -> Figures.whole(value.applyAsDouble(row)));
    }

    MarkdownTable<R> percent(String title, ToDoubleFunction<R> value) {
        return column(title, FIGURES, row -> Figures.percent(value.applyAsDouble(row)));
    }

    String of(List<R> rows) {
        var table = new StringBuilder();
        table.append(line(Column::title))
                .append(columns.stream().map(Column::rule).collect(Collectors.joining("|", "|", "|\n")));
        for (var row : rows) table.append(line(column -> column.cell().apply(row)));
        return table.toString();
    }

    private String line(Function<Column<R>, String> cell) {
        return columns.stream().map(cell).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
