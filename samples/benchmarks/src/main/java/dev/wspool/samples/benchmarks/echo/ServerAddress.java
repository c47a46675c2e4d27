package dev.wspool.samples.benchmarks.echo;

import java.nio.file.Path;
import java.util.List;

/**
 * Where an {@link EchoServer} is found, and by what it is known.
 *
 * <p>JMH measures in forked processes, which are the clients: they are told by system properties.
 */
public record ServerAddress(String ws, String wss, Path certificate) {
    private static final String PLAIN = "echo.server.ws";
    private static final String SECURE = "echo.server.wss";
    private static final String CERTIFICATE = "echo.server.certificate";

    static ServerAddress parse(String line) {
        var parts = line.split(" ", 3);
        return new ServerAddress(parts[0], parts[1], Path.of(parts[2]));
    }

    /** The address that this process was started with. */
    static ServerAddress given() {
        if (System.getProperty(PLAIN) == null) {
            throw new IllegalStateException(
                    "No server: run this by \"java -jar benchmarks.jar jmh\", which starts one");
        }
        return new ServerAddress(
                System.getProperty(PLAIN), System.getProperty(SECURE), Path.of(System.getProperty(CERTIFICATE)));
    }

    /** What makes it the {@link #given} address of another JVM. */
    public List<String> toJvmArguments() {
        return List.of("-D" + PLAIN + "=" + ws, "-D" + SECURE + "=" + wss, "-D" + CERTIFICATE + "=" + certificate);
    }

    /** @param transport {@code ws} or {@code wss}. */
    public String url(String transport) {
        return transport.equals("wss") ? wss : ws;
    }
}
