package dev.wspool.java;

import dev.wspool.ByteStream;
import dev.wspool.Lease;
import dev.wspool.internal.java.ByteStreamCalls;
import java.io.IOException;
import java.io.InputStream;

/** What comes, as Java reads it. */
final class ByteStreamInput extends InputStream {
    private final Lease lease;
    private final ByteStream stream;

    ByteStreamInput(Lease lease, ByteStream stream) {
        this.lease = lease;
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return StreamFailures.call(ByteStreamCalls.read(lease, stream, bytes, offset, length));
    }

    @Override
    public int available() {
        return stream.getAvailable();
    }

    @Override
    public void close() {
        stream.closeInput();
    }
}
