package dev.wspool.java;

import dev.wspool.Lease;
import dev.wspool.Message;
import dev.wspool.internal.java.Call;
import dev.wspool.internal.java.RequestCalls;
import java.io.IOException;
import java.time.Duration;

/** What leases do with a {@link Codec}. */
final class Codecs {
    private Codecs() {}

    static <T> Message encode(T value, Codec<? super T> codec) {
        try {
            return codec.encode(value);
        } catch (IOException failure) {
            throw new IllegalArgumentException("The value cannot be written as " + codec.typeName(), failure);
        }
    }

    static <T> Call<T> receive(Lease lease, Codec<T> codec, Duration timeout) {
        return RequestCalls.receive(lease, JavaTimes.nanos(timeout), codec.typeName(), codec::decode);
    }
}
