package dev.wspool.ktor.server.internal

/** What of a builder can be written as text: settings that are one text each, and such as have parts. */
internal class Settings<B>(private val plain: Map<String, B.(SettingText) -> Unit>, private val parted: List<PartedSetting<B>>) {
    val names: Set<String> = plain.keys + parted.flatMap { setting -> setting.parts.map { "${setting.name}.$it" } }

    fun apply(section: Section, builder: B) {
        for ((name, set) in plain) section[name]?.let { builder.set(it) }
        for (setting in parted) {
            val given = section.below(setting.name)
            if (given.names.any { it in setting.parts }) setting.set(builder, given)
        }
    }
}

internal val POOL_SETTINGS = Settings(PLAIN_SETTINGS, PARTED_SETTINGS)
