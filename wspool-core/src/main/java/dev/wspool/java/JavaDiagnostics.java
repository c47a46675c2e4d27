package dev.wspool.java;

import dev.wspool.Diagnostics;
import dev.wspool.LeakDetection;
import dev.wspool.internal.java.Spans;
import java.time.Duration;

/** Makes {@link Diagnostics}: what a pool watches of its borrowers. Whatever is not asked for is off, and costs nothing. */
public final class JavaDiagnostics {
    private boolean measureTimes;
    private boolean borrowSites;
    private LeakDetection leakDetection = LeakDetection.Off;
    private long leakThreshold = Long.MAX_VALUE;
    private boolean reclaimLeaks;
    private boolean verbose;

    private JavaDiagnostics() {}

    /**
     * Begins with nothing.
     *
     * @return to be told what to watch.
     */
    public static JavaDiagnostics watch() {
        return new JavaDiagnostics();
    }

    /**
     * Begins with what is watched already, as {@code pool.getConfig().getDiagnostics()}.
     *
     * @param diagnostics what to begin with.
     * @return to be told what else to watch.
     */
    public static JavaDiagnostics like(Diagnostics diagnostics) {
        JavaDiagnostics like = new JavaDiagnostics();
        like.measureTimes = diagnostics.getMeasureTimes();
        like.borrowSites = diagnostics.getBorrowSites();
        like.leakDetection = diagnostics.getLeakDetection();
        like.leakThreshold = Spans.leakThreshold(diagnostics);
        like.reclaimLeaks = diagnostics.getReclaimLeaks();
        like.verbose = diagnostics.getVerbose();
        return like;
    }

    /**
     * How long borrows take and leases are held is measured.
     *
     * @return this.
     */
    public JavaDiagnostics measureTimes() {
        measureTimes = true;
        return this;
    }

    /**
     * Where each lease was borrowed is noted, for the report and for leaks.
     *
     * @return this.
     */
    public JavaDiagnostics borrowSites() {
        borrowSites = true;
        return this;
    }

    /**
     * Whether a lease that nobody can give back any more is found, reported and its connection closed.
     *
     * @param value of which leases that is found out.
     * @return this.
     */
    public JavaDiagnostics leakDetection(LeakDetection value) {
        leakDetection = value;
        return this;
    }

    /**
     * For how long a lease may lie untouched after the job of its borrower has completed; then a leak is suspected and reported. Of leases
     * that were borrowed by Kotlin's coroutines: a thread has no job.
     *
     * @param value the time.
     * @return this.
     */
    public JavaDiagnostics leakThreshold(Duration value) {
        leakThreshold = JavaTimes.nanos(value);
        return this;
    }

    /**
     * The connection of a suspected leak is closed, and the lease of it ended.
     *
     * @return this.
     */
    public JavaDiagnostics reclaimLeaks() {
        reclaimLeaks = true;
        return this;
    }

    /**
     * What connections go through is logged as INFO instead of DEBUG.
     *
     * @return this.
     */
    public JavaDiagnostics verbose() {
        verbose = true;
        return this;
    }

    /**
     * Makes the setting.
     *
     * @return for {@link JavaPoolBuilder#diagnostics}.
     * @throws IllegalArgumentException where the threshold is not positive, or leaks are to be reclaimed without one.
     */
    public Diagnostics build() {
        return Spans.diagnostics(measureTimes, borrowSites, leakDetection, leakThreshold, reclaimLeaks, verbose);
    }
}
