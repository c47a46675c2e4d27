package dev.wspool.ktor.server.accept

import java.util.concurrent.ConcurrentHashMap

/** What one connection has of several quotas. */
internal class Taken {
    private val shares = ArrayList<Pair<Quota, Any>>()

    /** False where [who] has all that he may have; null is nobody, who may have any number. */
    fun take(quota: Quota, who: Any?): Boolean {
        if (who == null) return true
        return quota.take(who).also { isTaken -> if (isTaken) synchronized(shares) { shares += quota to who } }
    }

    /** Harmless when called again. */
    fun release() = synchronized(shares) {
        shares.forEach { (quota, who) -> quota.release(who) }
        shares.clear()
    }
}

/** How many connections each has, of those who have some; never more than [most]. */
internal class Quota(private val most: Int) {
    private val counts = ConcurrentHashMap<Any, Int>()

    /** True where [who] may have one more; then [release] is to be called once. */
    fun take(who: Any): Boolean {
        if (most == Int.MAX_VALUE) return true
        var isTaken = false
        counts.compute(who) { _, count ->
            isTaken = (count ?: 0) < most
            if (isTaken) (count ?: 0) + 1 else count
        }
        return isTaken
    }

    fun release(who: Any) {
        if (most == Int.MAX_VALUE) return
        counts.computeIfPresent(who) { _, count -> if (count == 1) null else count - 1 }
    }
}
