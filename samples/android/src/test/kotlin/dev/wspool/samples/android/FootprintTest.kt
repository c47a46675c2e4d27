package dev.wspool.samples.android

import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import java.io.File
import java.net.URLClassLoader
import java.util.concurrent.ConcurrentHashMap
import java.util.function.Function
import java.util.jar.JarFile
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * What an app takes on with wspool-ktor: jars, their bytes, and the classes that one request over a pool loads. Written to
 * `target/footprint.md`, from where `docs/android.md` has it; needs the jars, so `verify`.
 */
class FootprintTest {
    private val jars = ClassPath.entries.filter { entry ->
        entry.isOf("wspool-core") || entry.isOf("wspool-ktor") || ClassPath.NEEDED.any(entry::isOf)
    }

    @Test
    fun oneRequestLoadsWhatTheTableSays() {
        val loader = CountingLoader(jars + ClassPath.entryOf(ShrunkEcho::class.java))
        loader.use { ScriptedServer(Scripts.echo).use { server -> assertEquals("hello", loader.echo(server.url)) } }
        val rows = jars.map { jar -> Row(jar.label, jar.bytes, jar.classes, loader.loaded[jar] ?: 0) }
        val sum = Row("together", rows.sumOf { it.bytes }, rows.sumOf { it.classes }, rows.sumOf { it.loaded })
        val head = "| jar | bytes | classes | loaded |\n|---|---|---|---|\n"
        val table = (rows.filter { it.classes > 0 } + sum).joinToString("\n", head, "\n")
        File("target/footprint.md").writeText(table)
        val wspool = rows.filter { it.label.startsWith("wspool") }
        assertTrue(wspool.all { it.loaded > 0 }, table)
        assertTrue(wspool.sumOf { it.loaded } < wspool.sumOf { it.classes } * 9 / 10, "what one request does not use is not loaded\n$table")
    }

    private class Row(val label: String, val bytes: Long, val classes: Int, val loaded: Int) {
        override fun toString() = "| $label | $bytes | $classes | $loaded |"
    }

    private class CountingLoader(entries: List<File>) :
        URLClassLoader(entries.map { it.toURI().toURL() }.toTypedArray(), getPlatformClassLoader()) {
        val loaded = ConcurrentHashMap<File, Int>()

        override fun findClass(name: String): Class<*> =
            super.findClass(name).also { loaded.merge(ClassPath.entryOf(it), 1, Int::plus) }

        @Suppress("UNCHECKED_CAST")
        fun echo(url: String): String =
            (loadClass(ShrunkEcho::class.java.name).getDeclaredConstructor().newInstance() as Function<String, String>).apply(url)
    }

    private val File.label: String get() = if (isDirectory) "${parentFile.parentFile.name} (classes)" else name.removeSuffix(".jar")

    private val File.bytes: Long get() = walk().filter { it.isFile }.sumOf(File::length)

    private val File.classes: Int
        get() {
            if (isDirectory) return walk().count { it.extension == "class" }
            return JarFile(this).use { jar ->
                jar.entries().asSequence().count { it.name.endsWith(".class") && !it.name.startsWith("META-INF/") }
            }
        }
}
