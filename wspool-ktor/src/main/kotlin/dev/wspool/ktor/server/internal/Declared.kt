package dev.wspool.ktor.server.internal

import kotlinx.coroutines.CoroutineScope

/** A pool or a group as code declares it, to which the configuration adds what it says: code first, as what is deployed decides. */
internal interface Declared {
    val name: String

    /** @throws IllegalArgumentException where a setting makes no sense; nothing is left open then. */
    fun open(text: PoolsText, application: CoroutineScope): Lender
}
