package dev.wspool.samples.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them: three digits that count. */
final class Figures {
    private static final String NOT_MEASURED = "–";

    private Figures() {}

    static String number(double value) {
        if (Double.isNaN(value)) return NOT_MEASURED;
        if (Double.isInfinite(value)) return "∞";
        double size = Math.abs(value);
        if (size >= 100) return whole(value);
        if (size >= 10) return String.format(Locale.ROOT, "%.1f", value);
        if (size >= 1) return String.format(Locale.ROOT, "%.2f", value);
        return value == 0
                ? "0"
                : new BigDecimal(value).round(new MathContext(3)).toPlainString();
    }

    /** Of what comes in ones only: bytes of objects, whatever else the harness allocates once in a while. */
    static String whole(double value) {
        return Double.isNaN(value) ? NOT_MEASURED : String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    static String percent(double part) {
        return Double.isNaN(part) ? NOT_MEASURED : number(100 * part) + " %";
    }
}
