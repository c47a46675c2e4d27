package dev.wspool.samples.benchmarks.report;

/** What is asked for, and what was measured of it. A unit begins with × where it is a ratio. */
record Goal(String what, Bound bound, double limit, String unit, double measured, String unitMeasured) {
    private static final String BYTES = "B";

    /** Which side of the limit is right. */
    enum Bound {
        AT_MOST("≤"),
        LESS_THAN("<"),
        AT_LEAST("≥");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    static Goal atMost(double limit, String unit, String what, double measured) {
        return new Goal(what, Bound.AT_MOST, limit, unit, measured, unit);
    }

    /** Whole ones: see {@link Figures#whole}. */
    static Goal atMostBytes(long limit, String what, double measured) {
        return atMost(limit, BYTES, what, Double.isNaN(measured) ? measured : Math.round(measured));
    }

    static Goal atLeast(double limit, String unit, String what, double measured) {
        return new Goal(what, Bound.AT_LEAST, limit, unit, measured, unit);
    }

    /** @param best of all rivals. */
    static Goal aheadOfAll(String best, String what, double measured) {
        return new Goal(what, Bound.LESS_THAN, 1, "× every rival", measured, "× " + best);
    }

    boolean isMeasured() {
        return !Double.isNaN(measured);
    }

    boolean isMet() {
        return switch (bound) {
            case AT_MOST -> measured <= limit;
            case LESS_THAN -> measured < limit;
            case AT_LEAST -> measured >= limit;
        };
    }

    String aim() {
        return (bound.sign + " " + Figures.plain(limit) + " " + unit).strip();
    }

    String finding() {
        if (!isMeasured()) return Figures.number(measured);
        var figure = unitMeasured.equals(BYTES) ? Figures.whole(measured) : Figures.number(measured);
        return (figure + " " + unitMeasured).strip();
    }

    String verdict() {
        if (!isMeasured()) return "not measured";
        if (isMet()) return "met";
        return "**missed** by " + (limit == 0 ? finding() : Figures.percent(Math.abs(measured - limit) / limit));
    }
}
