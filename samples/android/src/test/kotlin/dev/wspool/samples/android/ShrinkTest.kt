package dev.wspool.samples.android

import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import proguard.Configuration
import proguard.ConfigurationParser
import proguard.ProGuard
import java.io.File
import java.net.URLClassLoader
import java.util.Properties
import java.util.function.Function
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** An app that is shrunk and renamed by the rules that the jars bring along, and by no others, works. */
class ShrinkTest {
    @TempDir
    lateinit var directory: File

    private val classPath = ClassPath.entries

    /** The library and the app: what is shrunk. All else stays as it is. */
    private val program = classPath.filter { it.isOf("wspool-core") || it.isOf("wspool-ktor") }
    private val libraries = classPath.filter { entry -> ClassPath.NEEDED.any(entry::isOf) }

    @Test
    fun aShrunkAppWorks() {
        val shrunk = shrink(rules())
        ScriptedServer(Scripts.echo).use { assertEquals("hello", echo(shrunk, it.url)) }
        val before = program.sumOf { entry -> entry.walk().filter { it.isFile && it.extension != "pro" }.sumOf(File::length) }
        assertTrue(shrunk.length() < before, "${shrunk.length()} bytes of $before")
    }

    @Test
    fun withoutTheRulesItDoesNot() {
        val shrunk = shrink(rules = "-dontwarn")
        val failure = assertFailsWith<Throwable> { echo(shrunk, "ws://localhost:9") }
        assertContains("$failure", Regex("No WebSocket connector|ConnectorProvider"))
    }

    @Test
    fun theRulesAreTheSameForEachTool() {
        for (name in listOf("wspool-core", "wspool-ktor")) {
            val texts = listOf("com.android.tools/r8", "com.android.tools/proguard", "proguard")
                .map { javaClass.getResource("/META-INF/$it/$name.pro")!!.readText() }
            assertEquals(1, texts.distinct().size, name)
        }
    }

    private fun rules() = listOf("wspool-core", "wspool-ktor")
        .joinToString("\n") { javaClass.getResource("/META-INF/com.android.tools/r8/$it.pro")!!.readText() }

    private fun shrink(rules: String): File {
        val out = File(directory, "shrunk.jar")
        val app = ClassPath.entryOf(ShrunkEcho::class.java)
        val java = listOf("java.base", "java.logging").map { File(System.getProperty("java.home"), "jmods/$it.jmod") }
        val configuration = buildString {
            appendLine("-injars '$app'(dev/wspool/samples/android/ShrunkEcho*.class)")
            for (entry in program) appendLine("-injars '$entry'(**.class,META-INF/services/**)")
            appendLine("-outjars '$out'")
            for (entry in libraries) appendLine("-libraryjars '$entry'(!META-INF/versions/**,!module-info.class)")
            for (entry in java) appendLine("-libraryjars '$entry'(!**.jar;!module-info.class)")
            appendLine("-keep class ${ShrunkEcho::class.java.name} { <init>(); java.lang.Object apply(java.lang.Object); }")
            appendLine("-adaptresourcefilecontents META-INF/services/**") // as R8 does unasked
            appendLine("-adaptresourcefilenames META-INF/services/**")
            appendLine("-keepattributes *Annotation*,Signature,InnerClasses,EnclosingMethod")
            appendLine("-dontoptimize")
            appendLine("-dontnote")
            appendLine(rules)
        }
        val parsed = Configuration()
        ConfigurationParser(configuration, "the test", directory, Properties()).use { it.parse(parsed) }
        ProGuard(parsed).execute()
        return out
    }

    @Suppress("UNCHECKED_CAST")
    private fun echo(shrunk: File, url: String): String {
        val urls = (libraries + ClassPath.entries.filter { it.isOf("slf4j-simple") } + shrunk).map { it.toURI().toURL() }
        return URLClassLoader(urls.toTypedArray(), ClassLoader.getPlatformClassLoader()).use { loader ->
            val echo = loader.loadClass(ShrunkEcho::class.java.name).getDeclaredConstructor().newInstance()
            (echo as Function<String, String>).apply(url)
        }
    }
}
