package dev.wspool.ktor.engine.codec

import java.lang.reflect.Field
import java.lang.reflect.Modifier
import java.util.concurrent.ConcurrentHashMap

/** How many bytes the arrays hold that a part of the codec keeps, what it has handed over aside. */
internal fun retainedBytes(part: Any): Int = fieldsOf(part.javaClass).sumOf { field ->
    when (val value = field.get(part)) {
        is ByteArray -> value.size
        null, is FrameSink -> 0
        else -> if (value.javaClass.packageName == part.javaClass.packageName) retainedBytes(value) else 0
    }
}

private fun fieldsOf(type: Class<*>): List<Field> = FIELDS.getOrPut(type) {
    type.declaredFields.filterNot { it.type.isPrimitive || Modifier.isStatic(it.modifiers) }.onEach { it.isAccessible = true }
}

private val FIELDS = ConcurrentHashMap<Class<*>, List<Field>>()
