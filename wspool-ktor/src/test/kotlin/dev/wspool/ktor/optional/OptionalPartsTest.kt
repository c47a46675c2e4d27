package dev.wspool.ktor.optional

import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import java.util.function.Function
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** What an app has not added it does not need, and what it does not use is not loaded: on a phone each class costs, and some are not there. */
class OptionalPartsTest {
    private val optional = listOf(
        "io.micrometer.",
        "kotlinx.serialization.json.",
        "okhttp3.",
        "okio.",
        "io.ktor.server.",
        "io.ktor.client.engine.okhttp.",
        "dev.wspool.java.",
        "dev.wspool.ktor.OkHttp",
        "dev.wspool.ktor.Cio",
        "java.util.concurrent.Flow", // Android has it from API 30
        "java.util.concurrent.SubmissionPublisher",
    )

    @Test
    fun aPoolNeedsNothingThatIsOptional() = RefusingClassLoader { name -> optional.any(name::startsWith) }.use { loader ->
        ScriptedServer(Scripts.echo).use { assertEquals("hello 1", loader.echo(it.url)) }
        assertEquals(emptyList(), loader.refused)
    }

    @Test
    fun aPoolOnAConnectorOfOnesOwnNeedsNoKtor() {
        val ktor = listOf("io.ktor.", "dev.wspool.ktor.engine.", "dev.wspool.ktor.WebSockets", "dev.wspool.ktor.internal.")
        RefusingClassLoader { name -> (optional + ktor).any(name::startsWith) }.use { loader ->
            assertEquals("hello 1", loader.echo(""))
            assertEquals(emptyList(), loader.refused)
        }
    }

    @Test
    fun typedMessagesNeedNoJsonInAFormatOfOnesOwn() = RefusingClassLoader { name -> optional.any(name::startsWith) }.use { loader ->
        assertEquals("as it is", loader.run<TypedTexts>("as it is"))
        assertEquals(emptyList(), loader.refused)
        val text = "No format was given, and the default needs org.jetbrains.kotlinx:kotlinx-serialization-json: add it, or give a format"
        assertEquals("java.lang.IllegalStateException: $text", loader.run<TypedTexts>(""))
    }

    /** It is looked for by name, once, and nothing more of it is asked for. */
    @Test
    fun thePluginForServersNeedsNoDependencyInjection() =
        RefusingClassLoader { it.startsWith("io.ktor.server.plugins.di.") }.use { loader ->
            ScriptedServer(Scripts.echo).use { assertEquals("hello", loader.run<PoolsOfAServer>(it.url)) }
            assertEquals(listOf("io.ktor.server.plugins.di.DependencyRegistryKt"), loader.refused)
        }

    @Test
    fun whatIsNeededIsMissed() = RefusingClassLoader { it.startsWith("dev.wspool.ktor.engine.") }.use { loader ->
        assertFailsWith<NoClassDefFoundError> { loader.echo("ws://localhost:9") }
        assertEquals("dev.wspool.ktor.engine.", loader.refused.first().take("dev.wspool.ktor.engine.".length))
    }

    private fun ClassLoader.echo(url: String): String = run<EchoThroughAPool>(url)

    @Suppress("UNCHECKED_CAST")
    private inline fun <reified T : Function<String, String>> ClassLoader.run(argument: String): String {
        val function = loadClass(T::class.java.name).getDeclaredConstructor().newInstance() as Function<String, String>
        return function.apply(argument)
    }
}
