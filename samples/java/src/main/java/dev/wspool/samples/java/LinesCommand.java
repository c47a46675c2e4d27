package dev.wspool.samples.java;

import dev.wspool.java.JavaWebSocketPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line, and one run from the first line to the summary. */
@Command(
        name = "java-sample",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Sends each line of a text to a WebSocket server, and writes the replies in the order of the lines.",
            "A line that fails is named, and an empty line stands for its reply."
        })
final class LinesCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    private final InputStream standardInput;
    private final PrintStream standardOutput;
    private final PrintStream messages;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--url",
            description = "The WebSocket server to send to. Default: an echo server inside this program")
    private String url;

    @Option(names = "--input", description = "The file to read (UTF-8). Default: standard input")
    private Path input;

    @Option(names = "--output", description = "The file to write replies to. Default: standard output")
    private Path output;

    @Option(names = "--pool", defaultValue = "8", description = "How many connections the pool may open")
    private int connections;

    @Option(names = "--concurrency", description = "How many lines are on their way at once. Default: twice --pool")
    private Integer concurrency;

    @Option(
            names = "--timeout",
            defaultValue = "5s",
            converter = TimeConverter.class,
            description = "How long a line may take to get a connection, and then its reply: 500ms, 5s, 1m")
    private Duration timeout;

    @Option(names = "--json", description = "Send each line as a JSON object, and read its reply as one")
    private boolean isJson;

    LinesCommand(InputStream standardInput, PrintStream standardOutput, PrintStream messages) {
        this.standardInput = standardInput;
        this.standardOutput = standardOutput;
        this.messages = messages;
    }

    @Override
    public Integer call() throws InterruptedException {
        int callers = concurrency == null ? 2 * connections : concurrency;
        requireCount("--pool", connections);
        requireCount("--concurrency", callers);
        try (BufferedReader lines = reader();
                PrintStream replies = writer()) {
            return run(lines, replies, callers);
        } catch (IOException failed) {
            messages.println("java-sample: " + failed);
            return 1;
        }
    }

    private int run(BufferedReader lines, PrintStream replies, int callers) throws InterruptedException, IOException {
        Summary summary = new Summary();
        EchoServer server = url == null ? EchoServer.start() : null;
        if (server != null) messages.println("Echo server started on " + server.url());
        try (server;
                JavaWebSocketPool pool = create(server == null ? url : server.url());
                CallerThreads threads = CallerThreads.start(callers)) {
            new LineRunner(pool, threads, timeout, callers, isJson).run(lines, answer -> {
                replies.println(answer.isReply() ? answer.text().replaceAll("\r?\n", "\\\\n") : "");
                if (!answer.isReply()) messages.println("line " + answer.number() + ": " + answer.text());
                summary.add(answer);
            });
            summary.print(pool.getStats(), threads.kind(), messages);
            pool.drain(timeout);
        } catch (UnreachableException unreachable) {
            messages.println("java-sample: " + unreachable.getMessage());
            return 1;
        }
        return summary.failed() == 0 ? 0 : 1;
    }

    private JavaWebSocketPool create(String address) {
        try {
            return JavaWebSocketPool.create(address, c -> c.maxConnections(connections));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private void requireCount(String option, int count) {
        if (count >= 1 && count <= MOST) return;
        throw new ParameterException(spec.commandLine(), option + " must be from 1 to " + MOST + ", not " + count);
    }

    private BufferedReader reader() throws IOException {
        if (input == null) return new BufferedReader(new InputStreamReader(standardInput, StandardCharsets.UTF_8));
        if (!Files.isReadable(input)) throw new ParameterException(spec.commandLine(), "cannot read " + input);
        return Files.newBufferedReader(input);
    }

    private PrintStream writer() throws IOException {
        return output == null
                ? new PrintStream(standardOutput, false, StandardCharsets.UTF_8)
                : new PrintStream(Files.newOutputStream(output), false, StandardCharsets.UTF_8);
    }
}
