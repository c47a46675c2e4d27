package dev.wspool.samples.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole program, run in this process. */
@Timeout(60)
class LinesCommandTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    private int run(String input, String... args) {
        PrintStream err = new PrintStream(messages, true, StandardCharsets.UTF_8);
        LinesCommand command = new LinesCommand(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(output, true, StandardCharsets.UTF_8),
                err);
        return new CommandLine(command).setErr(new PrintWriter(err, true)).execute(args);
    }

    @Test
    void linesComeBackInTheirOrder(@TempDir Path directory) throws IOException {
        String text = IntStream.range(0, 5_000)
                .mapToObj(n -> "line " + n + ", grün\n")
                .collect(Collectors.joining());
        Path input = Files.writeString(directory.resolve("in"), text);
        Path replies = directory.resolve("out");
        int status = run("", "--input", "" + input, "--output", "" + replies, "--pool", "4");
        assertEquals(0, status, messages.toString());
        assertEquals(text, Files.readString(replies).replace("\r\n", "\n"));
        assertTrue(messages.toString().matches("(?s).*connections created +[1-4]\\b.*"), messages.toString());
        String kind = Runtime.version().feature() >= 21 ? "virtual" : "platform";
        assertTrue(messages.toString().contains(kind), messages.toString());
    }

    @Test
    void itIsAFilter() {
        assertEquals(0, run("one\n\ntwo\n"));
        assertEquals("one\n\ntwo\n", output.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }

    @Test
    void linesGoThroughJsonAndBack() {
        assertEquals(0, run("one\n\"two\", grün\n", "--json"), messages.toString());
        assertEquals(
                "one\n\"two\", grün\n", output.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }

    @Test
    void aServerThatIsNotThereIsSaidOnce() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertEquals(1, run("a\nb\n", "--url", "ws://127.0.0.1:" + port + "/", "--timeout", "200ms"));
        assertTrue(messages.toString().startsWith("java-sample: cannot reach the server: "), messages.toString());
        assertEquals(1, messages.toString().lines().count(), messages.toString());
    }

    @Test
    void whatCannotBeUsedIsRefused() {
        assertEquals(2, run("", "--timeout", "soon"));
        assertTrue(messages.toString().contains("not a time such as 500ms, 5s or 1m: soon"), messages.toString());
        assertEquals(2, run("", "--pool", "0"));
        assertEquals(2, run("a\n", "--url", "http://localhost/"));
        assertEquals("", output.toString());
    }
}
