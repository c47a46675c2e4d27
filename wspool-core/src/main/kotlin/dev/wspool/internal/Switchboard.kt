package dev.wspool.internal

/**
 * Which lease of a shared connection has which request open. An id whose lease has ended stays, as that of nobody, until its last
 * reply has come: it must not be taken for a reply to another's request.
 */
internal class Switchboard {
    private val leases = LinkedHashSet<SharedLease>()
    private val requests = HashMap<Any, SharedLease>()
    private val abandoned = HashSet<Any>()
    private var end: (() -> Throwable)? = null

    /** True where so many replies are outstanding that the connection is to be used up, lest a peer that never answers fill the heap. */
    val isOverfull: Boolean get() = synchronized(this) { abandoned.size > MOST_ABANDONED }

    /** Those who have one. */
    val present: List<SharedLease> get() = synchronized(this) { leases.toList() }

    /** [lease] is about to be given to its holder. */
    fun add(lease: SharedLease) {
        val why = synchronized(this) {
            leases += lease
            end
        }
        if (why != null) lease.fail(why())
    }

    /**
     * [lease] sends a request, whose replies are its own from now on. False where the request is open already, or the lease is no more.
     *
     * @throws IllegalStateException where another's request has that id, or had, and its last reply has not come.
     */
    fun expect(id: Any, lease: SharedLease): Boolean = synchronized(this) {
        val owner = requests[id]
        check(owner == null || owner === lease) { "The request id $id is taken by another lease of the same connection" }
        check(id !in abandoned) { "The request id $id is that of a request that was given up: its reply may still come" }
        if (lease !in leases) return false
        val isNew = requests.put(id, lease) == null
        if (isNew) lease.requests += id
        isNew
    }

    /** The request was not sent after all. */
    fun withdraw(id: Any): Unit = synchronized(this) { requests.remove(id)?.requests?.remove(id) }

    /** Whose reply it is; null where nobody waits for it. */
    fun ownerOf(id: Any, isLast: Boolean): SharedLease? = synchronized(this) {
        if (!isLast) return requests[id]
        abandoned.remove(id)
        requests.remove(id)?.also { it.requests.remove(id) }
    }

    /** [lease] waits for nothing any more; returns what it has not got. It can send on, unless it [hasEnded]. */
    fun abandon(lease: SharedLease, hasEnded: Boolean): List<Any> = synchronized(this) {
        if (hasEnded) leases.remove(lease)
        if (lease.requests.isEmpty()) return emptyList()
        val open = lease.requests.toList()
        lease.requests.clear()
        open.forEach(requests::remove)
        abandoned.addAll(open)
        open
    }

    /** No reply will come any more; [why], each is told by an exception of his own. */
    fun end(why: () -> Throwable) {
        val ending = synchronized(this) {
            if (end != null) return
            end = why
            leases.toList()
        }
        ending.forEach { it.fail(why()) }
    }

    private companion object {
        const val MOST_ABANDONED = 10_000
    }
}
