package dev.wspool

import kotlin.test.Test
import kotlin.test.assertEquals

class PlaceholderTest {
    @Test
    fun placeholderGreets() = assertEquals("hello core", Placeholder.greet("core"))
}
