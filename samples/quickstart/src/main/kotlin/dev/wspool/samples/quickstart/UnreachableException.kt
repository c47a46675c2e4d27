package dev.wspool.samples.quickstart

import dev.wspool.Endpoint
import dev.wspool.PoolException

/** The server was never there: one message serves better than one for each line. */
class UnreachableException(endpoint: Endpoint, override val cause: PoolException) :
    RuntimeException("cannot reach $endpoint: ${cause.message}", cause)
