package dev.wspool

import kotlin.time.Duration

/**
 * What a borrower wants of his connection beyond that it works.
 *
 * @property timeout how long he waits; null for the pool's `borrowTimeout`.
 * @property id the one connection that he wants, and no other. He waits until it is free, or is there; it is not dialled for him.
 * @property affinity he would like, or insists on, the connection that served this key last.
 * @property minRemainingLifetime how much of its life the connection must have left.
 * @property isFresh it must never have been lent before; where the pool is full, an idle one that has been makes room for it.
 */
public class BorrowRequest
    @JvmOverloads
    constructor(
        public val timeout: Duration? = null,
        public val id: ConnectionId? = null,
        public val affinity: AffinityKey? = null,
        public val minRemainingLifetime: Duration = Duration.ZERO,
        public val isFresh: Boolean = false,
    ) {
        init {
            require(timeout?.isNegative() != true) { "timeout must not be negative: $timeout" }
            require(!minRemainingLifetime.isNegative()) { "minRemainingLifetime must not be negative: $minRemainingLifetime" }
            require(!isFresh || (id == null && affinity?.isHard != true)) { "A fresh connection has no id yet, and has served no key" }
        }
    }

/**
 * What a pool remembers connections by: the one that served a key last serves it again if it can. The 1,000 keys that were
 * used last are remembered.
 *
 * @property key equal to itself later, as any key of a map.
 * @property isHard no other connection will do while that one lives; where there is none, the next that serves is bound.
 */
public class AffinityKey
    @JvmOverloads
    constructor(public val key: Any, public val isHard: Boolean = false) {
        override fun equals(other: Any?): Boolean = other is AffinityKey && other.key == key && other.isHard == isHard

        override fun hashCode(): Int = key.hashCode()

        /** Not the key: it may name a user. */
        override fun toString(): String = if (isHard) "AffinityKey(hard)" else "AffinityKey(soft)"
    }
