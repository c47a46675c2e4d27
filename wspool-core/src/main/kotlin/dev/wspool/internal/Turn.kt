package dev.wspool.internal

/** A message to the actor, and what it does there: one input of the machine. It runs no foreign code and does not wait. */
internal fun interface Turn {
    fun take()
}
