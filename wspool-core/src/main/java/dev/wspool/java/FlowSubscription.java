package dev.wspool.java;

import dev.wspool.internal.java.Listening;
import dev.wspool.internal.java.Sink;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One subscriber, by the rules of Reactive Streams; their numbers are those of its specification. */
final class FlowSubscription<T> implements Flow.Subscription, Sink<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final Listening<T> listening;

    private FlowSubscription(Flow.Subscriber<? super T> subscriber, Function<Sink<T>, Listening<T>> source) {
        this.subscriber = subscriber;
        this.listening = source.apply(this);
    }

    static <T> void begin(Flow.Subscriber<? super T> subscriber, Function<Sink<T>, Listening<T>> source) {
        Objects.requireNonNull(subscriber, "subscriber"); // 1.9
        FlowSubscription<T> subscription = new FlowSubscription<>(subscriber, source);
        subscriber.onSubscribe(subscription);
        subscription.listening.start();
    }

    @Override
    public void request(long count) {
        if (count > 0) {
            listening.request(count);
        } else {
            listening.fail(new IllegalArgumentException("request(" + count + "): ask for one at least (3.9)"));
        }
    }

    @Override
    public void cancel() {
        listening.cancel();
    }

    @Override
    public void next(T value) {
        subscriber.onNext(value);
    }

    @Override
    public void end(@Nullable Throwable failure) {
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }
}
