package dev.wspool.internal.group

import dev.wspool.BorrowRequest
import dev.wspool.Endpoint
import dev.wspool.KeyedPoolGroup
import dev.wspool.Lease
import dev.wspool.TooManyWaitersException
import java.util.concurrent.ConcurrentHashMap

/** A group in which each key has the pool of the endpoint that [endpointOf] gives it. */
internal class RealKeyedPoolGroup<K : Any>(room: GroupRoom, private val endpointOf: (K) -> Endpoint) :
    RealAnyGroup(room),
    KeyedPoolGroup<K> {
    private val byKey = ConcurrentHashMap<K, GroupMember>()

    init {
        room.onLeft = { left -> byKey.remove(left.key, left) }
    }

    override val keys: Set<K> get() = byKey.keys.toSet()

    override suspend fun borrow(key: K, request: BorrowRequest): Lease = lending.borrow(request) { memberFor(key) }

    override fun tryBorrow(key: K): Lease? = byKey[key]?.let { lending.tryBorrow(it) }

    private fun memberFor(key: K): GroupMember {
        byKey[key]?.let { if (!it.isLeaving) return it }
        val made = GroupMember(room, key, endpointOf(key), canBeEjected = false)
        val member = room.mailbox.ask {
            val present = byKey[key]?.takeIf { !it.isLeaving }
            if (present == null && room.machine.fleet.makeRoom(room.now())) {
                byKey[key] = made
                room.add(made)
            }
            present ?: byKey[key]?.takeIf { it === made }
        }
        if (member === made) room.settings.refresh(made) else made.pool.close()
        return member ?: throw TooManyWaitersException(
            "No pool for one more key in the group $name: ${config.maxPools} are in use (maxPools)",
        )
    }
}
