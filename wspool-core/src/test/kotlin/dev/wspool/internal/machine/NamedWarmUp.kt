package dev.wspool.internal.machine

/** A warm-up with a name, that remembers what the answer to it is to tell. */
internal class NamedWarmUp(private val name: String, target: Int) : WarmUp(target) {
    val failures = ArrayList<Throwable>()

    override fun failed(failure: Throwable) {
        failures += failure
    }

    override fun toString(): String = name
}
