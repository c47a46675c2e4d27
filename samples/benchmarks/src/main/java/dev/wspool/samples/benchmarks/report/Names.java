package dev.wspool.samples.benchmarks.report;

import java.util.Map;

/** The names of rivals and clients, as readers know them, by those of the benchmarks' parameters. */
final class Names {
    static final String WSPOOL = "WSPOOL";
    static final String OWN_ENGINE = "wspool";
    static final String KTOR_CIO_RAW = "ktor-cio-raw";
    static final String NETTY = "netty";
    static final String KTOR_CIO = "ktor-cio";

    private static final Map<String, String> ALL = Map.ofEntries(
            Map.entry(WSPOOL, "wspool"),
            Map.entry("CHANNEL", "Channel pool"),
            Map.entry("SEMAPHORE", "Semaphore pool"),
            Map.entry("REACTOR_POOL", "reactor-pool"),
            Map.entry("COMMONS_POOL2", "commons-pool2"),
            Map.entry("CONCURRENT_BAG", "HikariCP ConcurrentBag"),
            Map.entry("STORMPOT", "Stormpot"),
            Map.entry("VIBUR", "vibur"),
            Map.entry("ARRAY_BLOCKING_QUEUE", "ArrayBlockingQueue"),
            Map.entry("wspool-cio", "wspool on CIO"),
            Map.entry("ktor-wspool", "Ktor on wspool's engine"),
            Map.entry(KTOR_CIO_RAW, "Ktor on CIO, raw"),
            Map.entry("wspool-okhttp", "wspool on OkHttp"),
            Map.entry("wspool-silent", "wspool without an engine"),
            Map.entry(KTOR_CIO, "Ktor on CIO"),
            Map.entry("ktor-okhttp", "Ktor on OkHttp"),
            Map.entry("okhttp", "OkHttp"),
            Map.entry(NETTY, "Netty"));

    private Names() {}

    static String of(String parameter) {
        return ALL.getOrDefault(parameter, parameter);
    }

    static boolean isOurs(String parameter) {
        return of(parameter).startsWith("wspool");
    }

    /** As {@link #of}, ours in bold. */
    static String inTable(String parameter) {
        return isOurs(parameter) ? "**" + of(parameter) + "**" : of(parameter);
    }
}
