package dev.wspool.samples.java;

import dev.wspool.ConnectFailedException;
import dev.wspool.PoolException;
import dev.wspool.java.Codec;
import dev.wspool.java.JavaWebSocketPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Sends lines through a pool, a bounded number of them at a time. */
final class LineRunner {
    /** How far lines may be ahead of a slow one, in multiples of what is under way. */
    private static final int WINDOW = 16;

    private static final Codec<Line> LINES = new JacksonCodec<>(Line.class);

    private final JavaWebSocketPool pool;
    private final CallerThreads threads;
    private final Duration timeout;
    private final boolean isJson;
    private final int window;
    private final Semaphore free;

    LineRunner(JavaWebSocketPool pool, CallerThreads threads, Duration timeout, int concurrency, boolean isJson) {
        this.pool = pool;
        this.threads = threads;
        this.timeout = timeout;
        this.isJson = isJson;
        this.window = WINDOW * concurrency;
        this.free = new Semaphore(concurrency);
    }

    /** This is all that there is to the pool: borrow a connection, use it, and have it given back, whatever happens. */
    private String ask(String text) throws InterruptedException {
        return pool.withConnection(timeout, lease -> {
            lease.send(text);
            return lease.receiveText(timeout);
        });
    }

    /** The same with values for messages; a reply that is none fails with the beginning of it. */
    private String ask(Line line) throws InterruptedException {
        return pool.withConnection(timeout, lease -> {
            lease.send(line, LINES);
            return lease.receive(LINES, timeout).text();
        });
    }

    /** Never asks twice: a line whose connection is lost may have reached the server, so it fails. */
    private Answer answer(long number, String line) throws InterruptedException {
        long start = System.nanoTime();
        try {
            String reply = isJson ? ask(new Line(number, line)) : ask(line);
            return new Answer(number, true, reply, Duration.ofNanos(System.nanoTime() - start));
        } catch (PoolException failed) {
            if (isUnreachable()) throw new UnreachableException(reason(failed));
            return new Answer(number, false, oneLine(failed), Duration.ofNanos(System.nanoTime() - start));
        } finally {
            free.release();
        }
    }

    /** A server that is only slow to let us in is no reason to stop. */
    private boolean isUnreachable() {
        var stats = pool.getStats();
        return stats.getCreated() == 0 && stats.getConnectFailures() > 0;
    }

    /** Behind a borrow that ran out of time is, where there was one, the failure that every attempt to connect met. */
    private static Throwable reason(PoolException failed) {
        return failed.getCause() instanceof ConnectFailedException ? failed.getCause() : failed;
    }

    /** What a server says must not steer the terminal. */
    private static String oneLine(PoolException failed) {
        return String.valueOf(failed.getMessage()).replaceAll("\\p{Cntrl}+", " ");
    }

    /**
     * Reports each line's answer, in the order of the lines. Answers that come early wait for those before them, in a bounded window.
     *
     * @throws UnreachableException where a line fails, no connection was ever opened, and a dial has failed.
     */
    void run(BufferedReader lines, Consumer<Answer> report) throws IOException, InterruptedException {
        Queue<Future<Answer>> asked = new ArrayDeque<>();
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            while (asked.size() >= window
                    || (!asked.isEmpty() && asked.element().isDone())) {
                report.accept(await(asked.remove()));
            }
            free.acquire();
            long mine = ++number;
            String text = line;
            asked.add(threads.submit(() -> answer(mine, text)));
        }
        for (Future<Answer> answer : asked) report.accept(await(answer));
    }

    private static Answer await(Future<Answer> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnreachableException unreachable) throw unreachable;
            throw new IllegalStateException(failed.getCause());
        }
    }
}
