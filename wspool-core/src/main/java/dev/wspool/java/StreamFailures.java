package dev.wspool.java;

import dev.wspool.PoolException;
import dev.wspool.ReceiveTimeoutException;
import dev.wspool.internal.java.Call;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;

/** A call of a stream fails as those who read and write streams expect. */
final class StreamFailures {
    private StreamFailures() {}

    static <T> T call(Call<T> call) throws IOException {
        try {
            return call.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // who catches an IOException would not know
            throw caused(new InterruptedIOException(interrupted.getMessage()), interrupted);
        } catch (ReceiveTimeoutException late) {
            throw caused(new SocketTimeoutException(late.getMessage()), late);
        } catch (PoolException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private static <E extends IOException> E caused(E failure, Throwable cause) {
        failure.initCause(cause);
        return failure;
    }
}
