package dev.wspool.samples.benchmarks.report;

/** What issue 5 asks for, and what was measured of it. {@code unit} begins with × where it is a ratio. */
record Goal(String what, Bound bound, double limit, String unit, double measured) {
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
        return new Goal(what, Bound.AT_MOST, limit, unit, measured);
    }

    /** Whole ones: see {@link Figures#whole}. */
    static Goal atMostBytes(long limit, String what, double measured) {
        return atMost(limit, "B", what, Double.isNaN(measured) ? measured : Math.round(measured));
    }

    static Goal lessThan(double limit, String unit, String what, double measured) {
        return new Goal(what, Bound.LESS_THAN, limit, unit, measured);
    }

    static Goal atLeast(double limit, String unit, String what, double measured) {
        return new Goal(what, Bound.AT_LEAST, limit, unit, measured);
    }

    boolean isMet() {
        return switch (bound) {
            case AT_MOST -> measured <= limit;
            case LESS_THAN -> measured < limit;
            case AT_LEAST -> measured >= limit;
        };
    }

    String aim() {
        return bound.sign + " " + Figures.number(limit) + " " + unit;
    }

    String finding() {
        return Double.isNaN(measured) ? Figures.number(measured) : Figures.number(measured) + " " + unit;
    }

    String verdict() {
        if (Double.isNaN(measured)) return "not measured";
        if (isMet()) return "met";
        return "**missed** by " + (limit == 0 ? finding() : Figures.percent(Math.abs(measured - limit) / limit));
    }
}
