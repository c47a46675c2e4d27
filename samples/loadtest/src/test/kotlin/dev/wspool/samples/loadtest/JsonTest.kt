package dev.wspool.samples.loadtest

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

class JsonTest {
    @Test
    fun whatIsWrittenCanBeReadAgain() = listOf(Sample.well, Sample.troubled).forEach {
        assertEquals(it, Results.fromJson(it.toJson()))
    }

    @Test
    fun timesAreMilliseconds() {
        val json = Json.parseToJsonElement(Sample.troubled.toJson()).jsonObject
        val chaos = json.getValue("requests").jsonObject.getValue("chaos").jsonArray.single().jsonObject
        assertEquals("765.25", chaos.getValue("lengthMs").jsonPrimitive.content)
        assertEquals("30000.0", json.getValue("settings").jsonObject.getValue("intervalMs").jsonPrimitive.content)
    }
}
