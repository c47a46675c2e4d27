package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.test.FakeConnector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kotlin.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads that wait in a call leave their carriers. The JVM itself is the witness: it tells of each that could not. */
@Timeout(120)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private static final int CALLERS = 2_000;
    private static final int EXCHANGES = 10;
    private static final int CONNECTIONS = 8;

    @TempDir
    Path directory;

    @Test
    void noCallerIsPinnedUnderLoad() throws Exception {
        ExecutorService peers = Executors.newFixedThreadPool(2);
        // Replies come from elsewhere, so that receivers wait as borrowers do.
        FakeConnector connector = new FakeConnector(true, connection -> {
            connection.setOnSend(message -> {
                peers.execute(() -> connection.receives(message));
                return Unit.INSTANCE;
            });
            return Unit.INSTANCE;
        });
        JavaWebSocketPool pool =
                Fixture.pool(connector, c -> c.maxConnections(CONNECTIONS).borrowTimeout(JavaTimes.FOREVER));
        // First without the witness: who waits for another to load or initialize a class is pinned, and nobody can help
        // it.
        loadUntilInterrupted(pool);

        List<RecordedEvent> pinned = record(() -> loadUntilInterrupted(pool));

        assertEquals(List.of(), pinned);
        Fixture.assertWholeAndEnd(pool, connector);
        peers.shutdown();
    }

    /** Until an interrupt has met somebody who waits: those of a load may all come after their callers are through. */
    private static Void loadUntilInterrupted(JavaWebSocketPool pool) throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        while (interrupted.get() == 0) load(pool, virtualThreads(), CALLERS, interrupted);
        return null;
    }

    /** Every tenth caller is interrupted somewhere on his way. */
    private static Void load(JavaWebSocketPool pool, ExecutorService threads, int callers, AtomicInteger interrupted)
            throws Exception {
        List<Future<Boolean>> outcomes = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++)
            outcomes.add(threads.submit(() -> exchange(pool, interrupted)));
        for (int caller = 0; caller < callers; caller += 10)
            outcomes.get(caller).cancel(true);
        threads.shutdown();
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS), () -> "" + pool.getStats());
        for (int caller = 0; caller < callers; caller++) {
            if (caller % 10 != 0) assertTrue(outcomes.get(caller).get());
        }
        return null;
    }

    private static boolean exchange(JavaWebSocketPool pool, AtomicInteger interrupted) {
        try {
            for (int number = 0; number < EXCHANGES; number++) {
                String text = Thread.currentThread().hashCode() + " " + number;
                assertEquals(text, pool.withConnection(lease -> {
                    lease.send(text);
                    return lease.receiveText();
                }));
            }
            return true;
        } catch (InterruptedException late) {
            interrupted.incrementAndGet();
            return false;
        }
    }

    @Test
    void theWitnessSeesWhoIsPinned() throws Exception {
        List<RecordedEvent> pinned = record(() -> {
            ExecutorService threads = virtualThreads();
            threads.submit(Pinning::touch).get();
            threads.shutdown();
            return null;
        });
        assertEquals(1, pinned.size(), "" + pinned);
    }

    /** Parks in its initializer, which the JVM calls through a native frame. */
    private static final class Pinning {
        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }

        static void touch() {}
    }

    private List<RecordedEvent> record(Callable<Void> load) throws Exception {
        Path file = directory.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
            recording.start();
            load.call();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    /** By its name, as this is compiled for Java 11. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
