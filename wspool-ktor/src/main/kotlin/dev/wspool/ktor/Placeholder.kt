package dev.wspool.ktor

/** Stands in until the connectors are here, so that every gate of the build has something to look at. */
public object Placeholder {
    public fun greet(): String = "hello ktor"
}
