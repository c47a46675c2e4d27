package dev.wspool.internal

import org.junit.jupiter.api.Test
import java.lang.reflect.Modifier
import kotlin.test.assertEquals

class RealLeaseTest {
    /** 12 bytes of header and 12 of these: a borrow allocates 24 bytes and no more. */
    @Test
    fun leaseHasThreeFields() {
        val fields = RealLease::class.java.declaredFields.filterNot { Modifier.isStatic(it.modifiers) }
        assertEquals(setOf("connection", "use", "end"), fields.map { it.name }.toSet())
    }
}
