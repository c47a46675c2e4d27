/**
 * wspool for Java: blocking calls, made for virtual threads, and {@link java.util.concurrent.CompletableFuture}s over the same pool
 * that Kotlin has.
 *
 * <p>Begin with {@link dev.wspool.java.JavaWebSocketPool}. Spans are {@link java.time.Duration}s;
 * {@link dev.wspool.java.JavaTimes#FOREVER}, or anything from 292 years on, is for ever. {@link dev.wspool.java.JavaTimes} reads the spans
 * of the value types in {@code dev.wspool}, {@link dev.wspool.java.JavaPolicies} makes those that have any.
 *
 * <p>A blocking call throws {@link java.lang.InterruptedException} where its thread is interrupted, as those of
 * {@code java.util.concurrent}: the call is cancelled and has ended, nothing of it is left behind, and the thread's interrupted status is
 * cleared. Where the call had its result at that moment it returns it, and the thread stays interrupted.
 *
 * <p>All else that a pool throws is an unchecked {@link dev.wspool.PoolException}. In a future it is the cause, as of any.
 *
 * <p>On Android this package needs API 26, or desugaring, for {@code java.time}; {@link dev.wspool.java.JavaPublishers} needs API 30.
 */
@NullMarked
package dev.wspool.java;

import org.jspecify.annotations.NullMarked;
