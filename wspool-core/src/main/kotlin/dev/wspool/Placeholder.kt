package dev.wspool

/** Stands in until the pool is here, so that every gate of the build has something to look at. */
public object Placeholder {
    public fun greet(name: String): String = listOf(name).joinToString { "hello $it" }
}
