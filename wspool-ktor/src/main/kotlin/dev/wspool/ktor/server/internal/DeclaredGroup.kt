package dev.wspool.ktor.server.internal

import dev.wspool.AnyPoolGroup
import dev.wspool.Discovery
import dev.wspool.GroupConfig
import dev.wspool.PoolGroup
import io.ktor.util.reflect.TypeInfo
import io.ktor.util.reflect.typeInfo
import kotlinx.coroutines.CoroutineScope

internal class DeclaredGroup(
    override val name: String,
    private val configure: GroupConfig.Builder.() -> Unit,
    private val type: TypeInfo = typeInfo<PoolGroup>(),
    private val make: (GroupText, GroupConfig.Builder.() -> Unit) -> AnyPoolGroup,
) : Declared {
    override fun open(text: PoolsText, application: CoroutineScope): Lender {
        require(name !in text.pools) { "wspool.pools.$name is of a group: its settings stand in wspool.groups.$name" }
        val own = text.group(name)
        val group = own.naming {
            make(own) {
                name = this@DeclaredGroup.name
                configure()
                own.applyTo(this)
                pools { if (parent == null) parent = application }
            }
        }
        return Lender.OfGroup(group, type)
    }

    companion object {
        /** A group that stands in the configuration alone. */
        fun configured(name: String) = of(name, emptyList()) {}

        fun of(name: String, urls: List<String>, configure: GroupConfig.Builder.() -> Unit) =
            DeclaredGroup(name, configure) { text, settings -> PoolGroup(text.discovery(name, urls), settings) }

        fun of(
            name: String,
            discovery: Discovery,
            configure: GroupConfig.Builder.() -> Unit,
            make: (Discovery, GroupConfig.Builder.() -> Unit) -> PoolGroup,
        ) = DeclaredGroup(name, configure) { text, settings -> make(text.discovery(name, discovery), settings) }

        fun keyed(
            name: String,
            type: TypeInfo,
            configure: GroupConfig.Builder.() -> Unit,
            make: (GroupConfig.Builder.() -> Unit) -> AnyPoolGroup,
        ) = DeclaredGroup(name, configure, type) { text, settings ->
            text.requireNoEndpoints("here: the code tells the endpoint of each key")
            make(settings)
        }
    }
}
