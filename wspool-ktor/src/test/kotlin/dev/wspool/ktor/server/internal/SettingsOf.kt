package dev.wspool.ktor.server.internal

import java.lang.reflect.Modifier
import java.util.SortedSet

/** What a builder can be told, by name. */
internal inline fun <reified B> settingsOf(): SortedSet<String> = B::class.java.methods
    .filter { !Modifier.isStatic(it.modifiers) && it.declaringClass != Any::class.java && '$' !in it.name && it.name != "build" }
    .filterNot { it.parameterCount == 0 && it.name.startsWith("get") }
    .map { it.name.substringBefore('-') } // a Duration is a value class
    .map { if (it.startsWith("set")) it.removePrefix("set").replaceFirstChar(Char::lowercase) else it }
    .toSortedSet()
