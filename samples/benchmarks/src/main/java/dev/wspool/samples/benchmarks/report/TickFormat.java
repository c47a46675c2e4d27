package dev.wspool.samples.benchmarks.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;

/** The numbers of an axis. */
final class TickFormat extends NumberFormat {
    private static final long serialVersionUID = 1;

    @Override
    public StringBuffer format(double number, StringBuffer into, FieldPosition position) {
        return into.append(Figures.plain(number));
    }

    @Override
    public StringBuffer format(long number, StringBuffer into, FieldPosition position) {
        return into.append(Figures.plain(number));
    }

    @Override
    public Number parse(String source, ParsePosition position) {
        throw new UnsupportedOperationException("It only writes");
    }
}
