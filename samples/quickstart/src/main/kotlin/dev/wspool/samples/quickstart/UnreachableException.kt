package dev.wspool.samples.quickstart

import dev.wspool.ConnectFailedException
import dev.wspool.PoolException

/** The server was never there: one message serves better than one for each line. */
class UnreachableException(cause: PoolException) : RuntimeException("cannot reach the server: ${reason(cause).message}", cause)

/** Behind a borrow that ran out of time is, where there was one, the failure that every attempt to connect met. */
private fun reason(failure: PoolException): PoolException = failure.cause as? ConnectFailedException ?: failure
