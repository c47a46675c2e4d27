package dev.wspool.internal.java

import dev.wspool.ClosedConnection
import dev.wspool.ConnectionId
import dev.wspool.Discovery
import dev.wspool.DnsDiscovery
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.NewConnection
import dev.wspool.PoolConfig
import dev.wspool.TlsConfig
import dev.wspool.TransportSettings
import dev.wspool.UnreadMessages
import dev.wspool.UnsolicitedMessages
import dev.wspool.internal.PoolThreads
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import java.net.InetAddress
import java.util.concurrent.CompletionStage
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.function.Consumer
import java.util.function.LongSupplier
import java.util.function.Predicate
import kotlin.random.asKotlinRandom
import kotlin.time.AbstractLongTimeSource
import kotlin.time.DurationUnit

/** Code of a Java user, which blocks as it likes. */
internal fun interface Blocking<in A, out R> {
    @Throws(Exception::class)
    fun call(argument: A): R
}

/**
 * Settings whose Kotlin types Java does not have. Hooks run on threads of their own, where they may block; one that takes too long
 * is interrupted. Spans are in nanoseconds.
 */
internal object Hooks {
    /** Virtual threads where there are any; no hook then waits for another's thread. */
    private val threads: CoroutineDispatcher by lazy {
        (virtualThreads() ?: PoolThreads.onDemand(MOST, "wspool-hook")).asCoroutineDispatcher()
    }

    private const val MOST = 64

    private fun virtualThreads(): Executor? = try {
        Executors::class.java.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) as Executor
    } catch (_: NoSuchMethodException) {
        null // before JDK 21, and on Android
    }

    private suspend fun <A, R> Blocking<A, R>.on(argument: A): R = try {
        runInterruptible(threads) { call(argument) }
    } catch (failure: CancellationException) {
        currentCoroutineContext().ensureActive()
        // Not interrupted by the pool: the hook's own InterruptedException, which runInterruptible calls a cancellation.
        throw generateSequence<Throwable>(failure) { it.cause }.firstOrNull { it is InterruptedException } ?: failure
    }

    @JvmStatic
    fun beforeConnect(builder: PoolConfig.Builder, hook: Blocking<Endpoint, Endpoint>) = builder.beforeConnect { hook.on(it) }

    @JvmStatic
    fun onConnect(builder: PoolConfig.Builder, timeout: Long, hook: Blocking<NewConnection, *>) =
        builder.onConnect(span(timeout)) { hook.on(this) }

    @JvmStatic
    fun onBorrow(builder: PoolConfig.Builder, timeout: Long, hook: Blocking<Lease, Boolean>) =
        builder.onBorrow(span(timeout)) { hook.on(this) }

    @JvmStatic
    fun onReturn(builder: PoolConfig.Builder, timeout: Long, hook: Blocking<Lease, *>) =
        builder.onReturn(span(timeout)) { hook.on(this) }

    @JvmStatic
    fun onClose(builder: PoolConfig.Builder, timeout: Long, hook: Blocking<ClosedConnection, *>) =
        builder.onClose(span(timeout)) { hook.on(it) }

    @JvmStatic
    fun onBackgroundError(builder: PoolConfig.Builder, timeout: Long, hook: Blocking<Throwable, *>) =
        builder.onBackgroundError(span(timeout)) { hook.on(it) }

    @JvmStatic
    fun dns(endpoint: Endpoint, interval: Long, minInterval: Long, resolver: Blocking<String, Collection<InetAddress>>): Discovery =
        DnsDiscovery(endpoint, span(interval), span(minInterval)) { resolver.on(it) }

    @JvmStatic
    fun handle(handler: Blocking<Pair<ConnectionId, Message>, *>): UnsolicitedMessages =
        UnsolicitedMessages.Handle { id, message -> handler.on(id to message) }

    @JvmStatic
    fun drain(maxMessages: Int, maxTime: Long, until: Predicate<Message>): UnreadMessages =
        UnreadMessages.Drain(maxMessages, span(maxTime), until::test)

    @JvmStatic
    fun tls(settings: TransportSettings, configure: Consumer<TlsConfig.Builder>) = settings.tls { configure.accept(this) }

    /** The pool ends when [parent] does, in whatever way. */
    @JvmStatic
    fun parent(builder: PoolConfig.Builder, parent: CompletionStage<*>) {
        val job = Job()
        parent.whenComplete { _, _ -> job.cancel() }
        builder.parent = CoroutineScope(job)
    }

    @JvmStatic
    fun executor(builder: PoolConfig.Builder, executor: Executor?) {
        builder.dispatcher = executor?.asCoroutineDispatcher()
    }

    @JvmStatic
    fun executor(config: PoolConfig): Executor? = config.dispatcher?.asExecutor()

    @JvmStatic
    fun timeSource(builder: PoolConfig.Builder, nanos: LongSupplier) {
        builder.timeSource = object : AbstractLongTimeSource(DurationUnit.NANOSECONDS) {
            override fun read(): Long = nanos.asLong
        }
    }

    @JvmStatic
    fun random(builder: PoolConfig.Builder, random: java.util.Random) {
        builder.random = random.asKotlinRandom()
    }
}
