package dev.wspool.samples.loadtest

/** A reply is not what the protocol promises, or belongs to another request. */
class WrongReplyException(message: String) : RuntimeException(message)
