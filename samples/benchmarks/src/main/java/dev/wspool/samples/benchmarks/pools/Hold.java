package dev.wspool.samples.benchmarks.pools;

import org.openjdk.jmh.infra.Blackhole;

/** What a caller does with its connection: nothing, or let others run and then work. */
public final class Hold {
    /** It gives the connection back at once. */
    static final Hold NOTHING = new Hold(false, 0);

    private static final int CALIBRATION_TOKENS = 10_000;
    private static final int CALIBRATION_ROUNDS = 1_000;

    private final boolean yields;
    private final long tokens;

    private Hold(boolean yields, long tokens) {
        this.yields = yields;
        this.tokens = tokens;
    }

    /** Across a yield, and then so much work of the processor, the same for every rival, whoever interrupts it. */
    static Hold ofMicros(int micros) {
        return new Hold(true, micros == 0 ? 0 : Math.round(micros * tokensPerMicro()));
    }

    /** The fastest round counts: others only slow it down. The early ones run interpreted. */
    private static double tokensPerMicro() {
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < CALIBRATION_ROUNDS; round++) {
            long start = System.nanoTime();
            Blackhole.consumeCPU(CALIBRATION_TOKENS);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return CALIBRATION_TOKENS * 1_000.0 / fastest;
    }

    public boolean yields() {
        return yields;
    }

    public void work() {
        if (tokens > 0) Blackhole.consumeCPU(tokens);
    }
}
