package dev.wspool.samples.dashboard

import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

class JournalTest {
    private val journal = Journal(now = { 1_000 })

    @Test
    fun whoKnowsSomeGetsTheRest() {
        repeat(3) { journal.deed("deed $it") }
        assertEquals(listOf("deed 1", "deed 2"), journal.after(1).map { it.text })
        assertEquals(emptyList(), journal.after(3))
    }

    @Test
    fun oldestAreForgotten() {
        repeat(250) { journal.deed("deed $it") }
        assertEquals((150 until 250).map { "deed $it" }, journal.after(0).map { it.text })
    }

    @Test
    fun entryAsJson() {
        journal.deed("Idle connections are evicted.")
        val json = """[{"number":1,"at":1000,"text":"Idle connections are evicted.","tone":"deed"}]"""
        assertEquals(json, Json.encodeToString(journal.after(0)))
    }
}
