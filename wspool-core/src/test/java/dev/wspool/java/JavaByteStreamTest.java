package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.CloseInfo;
import dev.wspool.ConnectionLostException;
import dev.wspool.LeaseReleasedException;
import dev.wspool.Message;
import dev.wspool.ReceiveTimeoutException;
import dev.wspool.StreamEnd;
import dev.wspool.UnexpectedMessageException;
import dev.wspool.test.FakeConnection;
import dev.wspool.test.FakeConnector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The binary messages of a lease as Java's streams. */
@Timeout(60)
class JavaByteStreamTest {
    private final FakeConnector connector = Fixture.echoing();
    private final JavaWebSocketPool pool = Fixture.pool(connector, c -> c.maxConnections(1));

    private FakeConnection peer() {
        List<FakeConnection> all = connector.getConnections();
        return all.get(all.size() - 1);
    }

    @Test
    void bytesGoOutInMessagesAndComeInAcrossTheirBorders() throws Exception {
        pool.useConnection(lease -> {
            try (JavaByteStream stream = JavaByteStream.of(lease, StreamEnd.CloseFrame, 4)) {
                OutputStream out = stream.getOutputStream();
                InputStream in = stream.getInputStream();
                out.write("hello, world".getBytes(StandardCharsets.UTF_8));
                out.write('!');
                assertEquals(3, peer().getSent().size());
                out.flush();
                assertArrayEquals("hello, world!".getBytes(StandardCharsets.UTF_8), in.readNBytes(13));
                out.write(0xFF);
                out.flush();
                assertEquals(0xFF, in.read());
                assertEquals(0, in.available());
            }
        });
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void anAgreedEndClosesOneDirectionAndTheConnectionIsLentOn() throws Exception {
        pool.useConnection(lease -> {
            JavaByteStream stream = JavaByteStream.of(lease, StreamEnd.EmptyMessage);
            stream.getOutputStream().write("one\ntwo".getBytes(StandardCharsets.UTF_8));
            stream.shutdownOutput();
            stream.shutdownOutput();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.getInputStream()))) {
                assertEquals("one", lines.readLine());
                assertEquals("two", lines.readLine());
                assertNull(lines.readLine());
            }
        });
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aCloseFrameIsTheEndOfBothDirections() throws Exception {
        pool.useConnection(lease -> {
            JavaByteStream stream = JavaByteStream.of(lease);
            stream.getOutputStream().close();
            assertEquals(new CloseInfo(CloseInfo.NORMAL, ""), peer().getClosedWith());
            assertEquals(-1, stream.getInputStream().read());
            assertThrows(IOException.class, () -> stream.getOutputStream().write(1));
            assertTrue(stream.toString().startsWith("Byte stream on Connection c1"));
        });
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void failuresAreIoExceptionsWithTheCauseOfALease() throws Exception {
        JavaLease lease = pool.borrow();
        JavaByteStream stream = JavaByteStream.of(lease);
        InputStream in = stream.getInputStream();
        stream.setReadTimeout(Duration.ofMillis(1));
        assertEquals(Duration.ofMillis(1), stream.getReadTimeout());
        assertInstanceOf(
                ReceiveTimeoutException.class,
                assertThrows(SocketTimeoutException.class, in::read).getCause());
        stream.setReadTimeout(JavaTimes.FOREVER);
        assertEquals(JavaTimes.FOREVER, stream.getReadTimeout());
        peer().dies(CloseInfo.ABNORMAL, "", null);
        assertInstanceOf(
                ConnectionLostException.class,
                assertThrows(IOException.class, in::read).getCause());
        lease.release();
        assertInstanceOf(
                LeaseReleasedException.class,
                assertThrows(IOException.class, in::read).getCause());

        JavaLease second = pool.borrow();
        JavaByteStream text = JavaByteStream.of(second);
        peer().receives("text");
        assertInstanceOf(
                UnexpectedMessageException.class,
                assertThrows(IOException.class, text.getInputStream()::read).getCause());
        text.close();
        second.release();
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void anInterruptedReadLosesNoByteAndLeavesTheThreadInterrupted() throws Exception {
        pool.useConnection(lease -> {
            JavaByteStream stream = JavaByteStream.of(lease);
            InputStream in = stream.getInputStream();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, in::read);
            assertTrue(Thread.interrupted());

            Thread reader = Thread.currentThread();
            Thread interrupter = new Thread(() -> {
                while (reader.getState() != Thread.State.WAITING) Thread.onSpinWait();
                reader.interrupt();
            });
            interrupter.start();
            assertThrows(InterruptedIOException.class, in::read);
            assertTrue(Thread.interrupted());
            interrupter.join();
            peer().receives(new byte[] {7});
            assertEquals(7, in.read());
        });
        assertEquals(1, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aReadThatWaitsIsToldWhenAnotherThreadClosesTheInput() throws Exception {
        pool.useConnection(lease -> {
            InputStream in = JavaByteStream.of(lease).getInputStream();
            Thread reader = Thread.currentThread();
            Thread closer = new Thread(() -> {
                while (reader.getState() != Thread.State.WAITING) Thread.onSpinWait();
                assertDoesNotThrow(in::close);
            });
            closer.start();
            IOException closed = assertThrows(IOException.class, in::read);
            assertTrue(closed.getMessage().endsWith("is closed"), closed.getMessage());
            closer.join();
        });
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void anInterruptBeforeAWriteOrAnAbandonedStreamIsDirty() throws Exception {
        pool.useConnection(lease -> {
            JavaByteStream stream = JavaByteStream.of(lease);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, stream.getOutputStream()::flush);
            assertTrue(Thread.interrupted());
        });
        assertEquals(0, pool.getStats().getIdle());
        pool.useConnection(lease -> JavaByteStream.of(lease).abandon());
        assertEquals(0, pool.getStats().getIdle());
        pool.useConnection(lease -> JavaByteStream.of(lease).getInputStream().close());
        assertEquals(0, pool.getStats().getIdle());
        Fixture.assertWholeAndEnd(pool, connector);
    }

    @Test
    void aStreamTellsOfItsConnection() throws Exception {
        pool.useConnection(lease -> {
            JavaByteStream stream = JavaByteStream.of(lease);
            assertNull(stream.getLocalAddress());
            assertNull(stream.getRemoteAddress());
            assertNull(stream.getTlsSession());
            assertThrows(IllegalArgumentException.class, () -> stream.setReadTimeout(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> JavaByteStream.of(lease, StreamEnd.CloseFrame, 0));
            lease.send(new Message.Binary(new byte[] {1}));
            assertEquals(1, stream.getInputStream().read());
        });
        Fixture.assertWholeAndEnd(pool, connector);
    }
}
