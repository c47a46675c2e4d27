package dev.wspool.ktor.server.internal

import io.ktor.server.config.ApplicationConfig
import io.ktor.server.config.ApplicationConfigValue.Type

/** A value of the application's configuration, and the names that lead to it. */
internal class ConfigLeaf(val path: List<String>, val text: SettingText) {
    companion object {
        /** HOCON quotes a name that has a dot in it. */
        private val NAME = Regex(""""([^"]*)"|[^."]+""")

        /**
         * All whose key begins with [root]. By `keys`, which is flat: `toMap` and `config` of a `MapApplicationConfig` take the keys of the
         * pool `ab` for some of the pool `a` as well.
         */
        fun below(root: String, config: ApplicationConfig): List<ConfigLeaf> =
            config.keys().filter { it.startsWith(root) }.mapNotNull { key -> read(key, config) }

        private fun read(key: String, config: ApplicationConfig): ConfigLeaf? {
            val value = config.propertyOrNull(key)
            val texts = when (value?.type) {
                null, Type.NULL -> return null
                Type.LIST -> value.getList()
                else -> listOf(value.getString())
            }
            return ConfigLeaf(NAME.findAll(key).map { it.groupValues[1].ifEmpty { it.value } }.toList(), SettingText(key, texts))
        }
    }
}
