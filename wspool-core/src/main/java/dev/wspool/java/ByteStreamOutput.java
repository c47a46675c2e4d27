package dev.wspool.java;

import dev.wspool.ByteStream;
import dev.wspool.Lease;
import dev.wspool.internal.java.ByteStreamCalls;
import java.io.IOException;
import java.io.OutputStream;

/** What goes, as Java writes it. */
final class ByteStreamOutput extends OutputStream {
    private final Lease lease;
    private final ByteStream stream;

    ByteStreamOutput(Lease lease, ByteStream stream) {
        this.lease = lease;
        this.stream = stream;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        StreamFailures.call(ByteStreamCalls.write(lease, stream, bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        StreamFailures.call(ByteStreamCalls.flush(lease, stream));
    }

    @Override
    public void close() throws IOException {
        StreamFailures.call(ByteStreamCalls.closeOutput(lease, stream));
    }
}
