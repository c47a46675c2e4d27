package dev.wspool.internal.diagnostics

import dev.wspool.Diagnostics
import dev.wspool.Lease
import dev.wspool.internal.RealLease
import dev.wspool.internal.RealPool
import dev.wspool.internal.java.OfFuture
import dev.wspool.internal.machine.NEVER
import kotlin.coroutines.CoroutineContext

/** Looks at each borrow and each return, for a pool whose [Diagnostics] ask for it; others have none. */
internal class Watch private constructor(private val pool: RealPool, private val settings: Diagnostics, before: Watch?) {
    private val leaks: LeakHunt? = if (settings.watchesLeases) LeakHunt(pool, settings, before?.leaks).also(LeakHunt::start) else null

    /** [context] with what is to be known of this borrow. */
    fun begin(context: CoroutineContext): CoroutineContext = begun(context, settings, pool.now())

    /** Where the application is now, if that is noted. */
    fun site(): StackTraceElement? = settings.site()

    /** [lease] has come to who had asked in [context], which [begin] has made. */
    fun <T : Lease?> lent(lease: T, context: CoroutineContext): T {
        val borrowing = context[Borrowing]
        if (lease !is RealLease || borrowing == null) return lease
        val now = pool.now()
        borrowing.lentAt = now
        if (settings.measureTimes) pool.gauges.borrowTimes.record(now - borrowing.askedAt)
        leaks?.lookAfter(lease, context, borrowing)
        return lease
    }

    /** In the turn in which [lease] comes back, or ends otherwise. */
    fun ended(lease: RealLease) {
        val borrowing = lease.holder?.get(Borrowing) ?: return
        borrowing.watched?.let { leaks?.forget(it) }
        if (settings.measureTimes && borrowing.lentAt != NEVER) pool.gauges.useTimes.record(pool.now() - borrowing.lentAt)
    }

    fun stop() {
        leaks?.stop()
    }

    companion object {
        /** [context] with what is to be known of a borrow [now], which any pool with these [settings] may serve. */
        fun begin(context: CoroutineContext, settings: Diagnostics, now: Long): CoroutineContext =
            if (settings.watchesBorrows) begun(context, settings, now) else context

        private fun begun(context: CoroutineContext, settings: Diagnostics, now: Long) =
            context + Borrowing(now, context[OfFuture]?.site ?: settings.site())

        private fun Diagnostics.site() = if (borrowSites) applicationsFrame() else null

        /** What the settings of [pool] ask for, or null. In a turn; a lease that nobody looks after is never looked after. */
        fun of(pool: RealPool, insteadOf: Watch?): Watch? {
            insteadOf?.stop()
            val settings = pool.config.diagnostics
            return if (settings.watchesBorrows) Watch(pool, settings, insteadOf) else null
        }

        /** The innermost that is not the library's, nor the language's. */
        private fun applicationsFrame(): StackTraceElement? = Throwable().stackTrace.firstOrNull { frame ->
            FOREIGN.none { frame.className.startsWith(it) } && !(frame.className.startsWith(LIBRARY) && isLibrarys(frame))
        }

        private const val LIBRARY = "dev.wspool."
        private val OWN = listOf("internal.", "java.", "jsonrpc.", "graphql.", "WebSocketPool", "PoolGroup", "KeyedPoolGroup",
            "PoolRequests", "ktor.SessionsKt")
        private val FOREIGN = listOf("java.", "jdk.", "kotlin.", "kotlinx.coroutines.")

        /** An inline function of the library's has its frames in the classes of those who call it; its own are in these packages. */
        private fun isLibrarys(frame: StackTraceElement): Boolean {
            val rest = frame.className.removePrefix(LIBRARY)
            return OWN.any(rest::startsWith)
        }
    }
}
