package dev.wspool

import kotlin.properties.ReadWriteProperty
import kotlin.reflect.KProperty

/** Settings that know whether they were given: what was not adapts to what was. */
public abstract class Settings internal constructor() {
    private val given = HashMap<String, Any?>()

    internal fun isGiven(name: String): Boolean = name in given

    /** The first of [names] that was given, or null. */
    internal fun firstGiven(names: Collection<String>): String? = names.firstOrNull { it in given }

    internal fun copyGiven(from: Settings) {
        given.putAll(from.given)
    }

    internal fun <T> setting(default: T) = object : ReadWriteProperty<Settings, T> {
        @Suppress("UNCHECKED_CAST")
        override fun getValue(thisRef: Settings, property: KProperty<*>): T =
            if (property.name in thisRef.given) thisRef.given[property.name] as T else default

        override fun setValue(thisRef: Settings, property: KProperty<*>, value: T) {
            thisRef.given[property.name] = value
        }
    }
}
