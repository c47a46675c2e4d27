package dev.wspool.ktor

import kotlin.test.Test
import kotlin.test.assertEquals

class PlaceholderTest {
    @Test
    fun placeholderGreets() = assertEquals("hello ktor", Placeholder.greet())
}
