package dev.wspool.samples.benchmarks.scale;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process holds and has used: the figures that JMH itself does not take. */
final class Footprint {
    private Footprint() {}

    /**
     * Bytes of all objects that are reachable: the last line of the histogram that {@code jcmd GC.class_histogram} prints.
     * What the memory beans call used has the free parts of allocation buffers in it, which come to megabytes.
     */
    static long heap() throws JMException {
        String[] none = {};
        var histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {none},
                        new String[] {String[].class.getName()});
        var total = histogram.strip().lines().reduce((before, line) -> line).orElseThrow();
        return Long.parseLong(total.split(" +")[2]);
    }

    static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** Processor time of all threads. */
    static long cpuNanos() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }

    /** How much of one core this process takes while it is left alone for {@code millis}. */
    static double cpuPercentWithin(long millis) throws InterruptedException {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        Thread.sleep(millis);
        return 100.0 * (cpuNanos() - cpu) / (System.nanoTime() - start);
    }
}
