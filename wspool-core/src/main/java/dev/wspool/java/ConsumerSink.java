package dev.wspool.java;

import dev.wspool.internal.java.Sink;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listener who is told of each value, and not of the end. */
final class ConsumerSink<T> implements Sink<T> {
    private final Consumer<? super T> listener;

    ConsumerSink(Consumer<? super T> listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public void next(T value) {
        listener.accept(value);
    }

    @Override
    public void end(@Nullable Throwable failure) {}
}
