package dev.wspool.ktor.engine.loop

/** Chunks for the connections of an engine, which hold some only while they have something to write. */
internal class Chunks {
    private var free: Chunk? = null
    private var kept = 0

    fun take(): Chunk = synchronized(this) {
        free?.also {
            free = it.next
            kept--
            it.next = null
        }
    } ?: Chunk()

    fun give(chunk: Chunk) {
        chunk.clear()
        synchronized(this) {
            if (kept == MOST_KEPT) return
            chunk.next = free
            free = chunk
            kept++
        }
    }

    private companion object {
        /** A mebibyte of them. */
        const val MOST_KEPT = 64
    }
}
