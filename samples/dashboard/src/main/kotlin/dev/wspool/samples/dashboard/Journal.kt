package dev.wspool.samples.dashboard

import dev.wspool.PoolEvent
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/** What has happened lately: to the pool, and by the page. */
class Journal(private val now: () -> Long = System::currentTimeMillis) {
    private val entries = ArrayDeque<Entry>()
    private var last = 0L

    /** Something that the page has done. */
    fun deed(text: String) = add(text, Tone.Deed)

    fun event(event: PoolEvent) = add("$event".removePrefix("${event.pool}: "), toneOf(event))

    /** The entries after the one that is numbered [number]. */
    @Synchronized
    fun after(number: Long): List<Entry> = entries.filter { it.number > number }

    @Synchronized
    private fun add(text: String, tone: Tone) {
        entries += Entry(++last, now(), text, tone)
        if (entries.size > KEPT) entries.removeFirst()
    }

    private fun toneOf(event: PoolEvent) = when (event) {
        is PoolEvent.ConnectFailed, is PoolEvent.Stopped, is PoolEvent.SpokenFirst -> Tone.Bad
        is PoolEvent.Connected, is PoolEvent.Resumed -> Tone.Good
        else -> Tone.Plain
    }

    /**
     * @property number counts from 1.
     * @property at milliseconds since the epoch.
     */
    @Serializable
    class Entry(val number: Long, val at: Long, val text: String, val tone: Tone)

    @Serializable
    enum class Tone {
        @SerialName("plain")
        Plain,

        @SerialName("good")
        Good,

        @SerialName("bad")
        Bad,

        @SerialName("deed")
        Deed,
    }

    private companion object {
        const val KEPT = 100
    }
}
