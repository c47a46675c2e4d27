package dev.wspool.samples.benchmarks.report;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers as a reader wants them: three digits that count. */
final class Figures {
    private static final String NOT_MEASURED = "–";

    private Figures() {}

    static String number(double value) {
        if (Double.isNaN(value)) return NOT_MEASURED;
        if (Double.isInfinite(value)) return "∞";
        double size = Math.abs(value);
        if (size == 0 || size >= 100) return whole(value);
        int exponent = (int) Math.floor(Math.log10(size));
        return String.format(Locale.ROOT, "%." + (2 - exponent) + "f", value);
    }

    /** Of what comes in ones only: bytes of objects, whatever else the harness allocates once in a while. */
    static String whole(double value) {
        return Double.isNaN(value) ? NOT_MEASURED : String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    static String percent(double part) {
        if (Double.isNaN(part)) return NOT_MEASURED;
        return String.format(Locale.ROOT, part < 0.1 ? "%.1f %%" : "%,.0f %%", 100 * part);
    }

    /** With the digits that it was given. */
    static String plain(double value) {
        if (value == Math.rint(value)) return whole(value);
        return new BigDecimal(Double.toString(value)).toPlainString();
    }
}
