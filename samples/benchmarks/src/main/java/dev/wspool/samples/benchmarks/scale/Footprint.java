package dev.wspool.samples.benchmarks.scale;

import java.lang.management.ManagementFactory;

/** What this process holds and has used: the figures that JMH itself does not take. */
final class Footprint {
    private static final int COLLECTIONS = 3;

    private Footprint() {}

    /** Bytes that are reachable. Exact with the serial collector alone, so the forks that ask for it have that. */
    static long heap() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(100); // what cleaners and reference queues hold back is let go in between
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
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
