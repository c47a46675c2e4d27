package dev.wspool.java;

import dev.wspool.AdaptiveCapacity;
import dev.wspool.Backoff;
import dev.wspool.CloseAction;
import dev.wspool.Ejection;
import dev.wspool.Message;
import dev.wspool.SlowReaders;
import dev.wspool.UnreadMessages;
import dev.wspool.UnsolicitedMessages;
import dev.wspool.internal.java.Groups;
import dev.wspool.internal.java.Hooks;
import dev.wspool.internal.java.Spans;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Makes the settings' values that have a span or code in them. Those that have none are constants:
 * {@code UnreadMessages.Drop.INSTANCE}, {@code UnsolicitedMessages.Keep.INSTANCE}, {@code CloseAction.Stop.INSTANCE}.
 */
public final class JavaPolicies {
    private JavaPolicies() {}

    /**
     * How long a pool waits after failed dials: any span from zero up to one that doubles with each failure in a row.
     *
     * @param initial the longest wait after the first failure. Kotlin's default: 0.5 s.
     * @param max the longest wait after any. Kotlin's default: 30 s.
     * @return for {@link JavaPoolBuilder#backoff}.
     * @throws IllegalArgumentException where {@code initial} is not positive or {@code max} is below it.
     */
    public static Backoff backoff(Duration initial, Duration max) {
        return Spans.backoff(JavaTimes.nanos(initial), JavaTimes.nanos(max));
    }

    /**
     * Lets a pool find out how many connections it needs; see {@link AdaptiveCapacity}.
     *
     * @param minCapacity how many connections there may always be.
     * @param maxCapacity how many there may be at most.
     * @param minInterval the shortest time between two dials. Kotlin's default: 0.1 s.
     * @param maxInterval the longest. Kotlin's default: 5 s.
     * @return for {@link JavaPoolBuilder#adaptiveCapacity}.
     * @throws IllegalArgumentException naming what makes no sense.
     */
    public static AdaptiveCapacity adaptiveCapacity(
            int minCapacity, int maxCapacity, Duration minInterval, Duration maxInterval) {
        return Spans.adaptiveCapacity(
                minCapacity, maxCapacity, JavaTimes.nanos(minInterval), JavaTimes.nanos(maxInterval));
    }

    /**
     * What a close code means: no dial is made for a span between the two, by chance.
     *
     * @param from the shortest.
     * @param to the longest.
     * @param shrinks idle connections beyond {@code minIdle} are closed.
     * @param proves the other connections are proved by a ping.
     * @return for {@link JavaPoolBuilder#onCloseCode}.
     * @throws IllegalArgumentException where {@code from} is negative, or {@code to} below it or without end.
     */
    public static CloseAction wait(Duration from, Duration to, boolean shrinks, boolean proves) {
        return Spans.wait(JavaTimes.nanos(from), JavaTimes.nanos(to), shrinks, proves);
    }

    /**
     * Unread messages are read, and those that come, up to one that ends them; then the connection is lent on.
     *
     * @param maxMessages how many at most, else the connection is closed. Kotlin's default: 100.
     * @param maxTime for how long at most, else the connection is closed. Kotlin's default: 1 s.
     * @param until true for the last. It returns at once.
     * @return for {@link JavaPoolBuilder#unreadMessages}.
     * @throws IllegalArgumentException where a bound is not positive.
     */
    public static UnreadMessages drain(int maxMessages, Duration maxTime, Predicate<Message> until) {
        return Hooks.drain(maxMessages, JavaTimes.nanos(maxTime), until);
    }

    /**
     * Messages that come while nobody holds their connection go to a handler, one at a time and in order.
     *
     * @param handler may block; it is interrupted at the pool's end.
     * @return for {@link JavaPoolBuilder#unsolicitedMessages}.
     */
    public static UnsolicitedMessages handle(MessageHandler handler) {
        return Hooks.handle(come -> {
            handler.handle(come.getFirst(), come.getSecond());
            return null;
        });
    }

    /**
     * Clients get all that others get, or are disconnected: see {@link SlowReaders.Disconnect}.
     *
     * @param waiting how many messages wait for such a client, beside the one that is being sent.
     * @param after how long a message may take.
     * @return the policy.
     * @throws IllegalArgumentException where {@code waiting} is negative or {@code after} is not positive.
     */
    public static SlowReaders disconnect(int waiting, Duration after) {
        return Spans.disconnect(waiting, JavaTimes.nanos(after));
    }

    /**
     * When an endpoint of a group is taken out of service, and for how long.
     *
     * @param failures so many within {@code window}. Kotlin's default: 5.
     * @param window positive. Kotlin's default: 30 s.
     * @param firstTime how long the first time lasts; each that follows soon lasts twice as long as the one before. Kotlin's default: 10 s.
     * @param longestTime up to this. Kotlin's default: 5 min.
     * @return for {@link JavaGroupBuilder#ejection}.
     * @throws IllegalArgumentException where a number or a span makes no sense.
     */
    public static Ejection ejection(int failures, Duration window, Duration firstTime, Duration longestTime) {
        return Groups.ejection(
                failures, JavaTimes.nanos(window), JavaTimes.nanos(firstTime), JavaTimes.nanos(longestTime));
    }
}
