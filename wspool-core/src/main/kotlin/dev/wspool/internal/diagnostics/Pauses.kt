package dev.wspool.internal.diagnostics

import dev.wspool.internal.machine.PauseCause

/** What keeps a pool that is paused, and for how long that will go on. */
internal val PauseCause.explanation: String
    get() = when (this) {
        PauseCause.OWNER -> "a pause: the pool dials and lends nothing until it is resumed"
        PauseCause.NETWORK -> "the network: there is none, as the pool's NetworkSignal says, and it dials and lends nothing until there is"
        PauseCause.BACKGROUND ->
            "the background: the app is there and the pool suspended (inBackground); it dials and lends nothing until that ends"
    }
