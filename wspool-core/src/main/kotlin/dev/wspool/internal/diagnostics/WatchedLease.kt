package dev.wspool.internal.diagnostics

import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealLease
import dev.wspool.internal.java.isOfJavaCall
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import kotlin.coroutines.CoroutineContext

/** A lease that may be forgotten: what is to be said of it then, without keeping it. */
internal class WatchedLease(lease: RealLease, holder: CoroutineContext, private val borrowing: Borrowing, gone: ReferenceQueue<RealLease>) :
    WeakReference<RealLease>(lease, gone) {
    val connection: PooledConnection = lease.connection
    val use: Int = lease.use
    val coroutine: String? = holder[CoroutineName]?.name
    val site: String? get() = borrowing.site?.toString()
    val lentAt: Long get() = borrowing.lentAt

    /** Null where no job tells of who has it: he is no coroutine, or `tryBorrow` was not told. */
    private val borrower: Job? = if (holder.isOfJavaCall) null else holder[Job]

    /** How much had been sent and received when it was looked at last, and since when that is so, while its borrower has ended. */
    private var touched = 0
    private var untouchedSince = NOT_YET

    /** True once it was reported. */
    @Volatile
    var isSuspected = false

    /** For how long nothing was done with it although its borrower has ended, or null. */
    fun untouchedFor(now: Long): Long? {
        if (borrower?.isCompleted != true) return null
        if (untouchedSince == NOT_YET || connection.touched != touched) {
            touched = connection.touched
            untouchedSince = now
        }
        return now - untouchedSince
    }

    private companion object {
        const val NOT_YET = Long.MIN_VALUE
    }
}
