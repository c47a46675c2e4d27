package dev.wspool.samples.benchmarks.echo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An {@link EchoServer} in a process of its own. It ends when {@link #close} closes its standard input, or when this
 * process ends in whatever way, as the kernel closes it then.
 */
public final class ServerProcess implements AutoCloseable {
    private static final int ANY_PORT = 0;
    private static final long PATIENCE_SECONDS = 10;

    private final Process process;
    private final ServerAddress address;

    private ServerProcess(Process process, ServerAddress address) {
        this.process = process;
        this.address = address;
    }

    public static ServerProcess start() {
        return start(ANY_PORT);
    }

    /** @param port where {@code ws} is to be served. */
    public static ServerProcess start(int port) {
        var java = System.getProperty("java.home") + "/bin/java";
        var classPath = System.getProperty("java.class.path");
        var command = List.of(java, "-cp", classPath, EchoServer.class.getName(), Integer.toString(port));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var line = process.inputReader().readLine();
            if (line == null) throw new IllegalStateException("The echo server has not started");
            return new ServerProcess(process, ServerAddress.parse(line));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public ServerAddress address() {
        return address;
    }

    /** As a crash: every connection is reset or closed by the kernel, and no Close frame is sent. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        try {
            Files.deleteIfExists(address.certificate()); // it had no time to
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) kill();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            kill();
        }
    }
}
