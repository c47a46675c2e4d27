package dev.wspool

/** The name of a connection, unique in its pool. */
public class ConnectionId(public val value: String) {
    override fun equals(other: Any?): Boolean = other is ConnectionId && other.value == value

    override fun hashCode(): Int = value.hashCode()

    override fun toString(): String = value
}
