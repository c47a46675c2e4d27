package dev.wspool.samples.benchmarks.pools;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.concurrent.TimeUnit;

/** What the heap holds, to the byte, where the collector is Serial and always compacts. */
final class Heap {
    /** The options of the JVM in which {@link #used} is right. */
    static final String COLLECTOR = "-XX:+UseSerialGC";

    /** By default three of four full collections leave up to 5 % of the heap where it lies, dead. */
    static final String COMPACTION = "-XX:MarkSweepAlwaysCompactCount=1";

    private static final int COLLECTIONS = 3;

    private Heap() {}

    /** Collects all that is garbage, and what only its collection has made garbage, and returns the bytes that remain. */
    static long used() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP)
                used += pool.getCollectionUsage().getUsed();
        }
        return used;
    }
}
