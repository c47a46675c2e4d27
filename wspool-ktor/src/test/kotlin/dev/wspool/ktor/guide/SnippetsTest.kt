package dev.wspool.ktor.guide

import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import javax.tools.ToolProvider
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * All code of the README and of docs compiles. Statements are put into a function, and see what the resources snippets/given.kt
 * and snippets/Given.java declare: the imports, and what a page takes for granted, such as a source of tokens.
 */
class SnippetsTest {
    @TempDir
    lateinit var work: File

    @Test
    fun kotlinCompiles() {
        val given = resource("given.kt")
        val files = Snippet.all("kotlin").mapIndexed { number, snippet ->
            val imports = snippet.imports.ifEmpty { given.imports + "import snippets.*" }.joinToString("\n")
            val rest = snippet.code.lines().filterNot { it.startsWith("import ") }.joinToString("\n")
            val body = if (snippet.isDeclarations) rest else "suspend fun CoroutineScope.snippet() {\n$rest\n}"
            snippet.file("kt").apply { writeText("package snippets.number$number\n$imports\n$body\n") }
        }
        assertTrue(files.size > 10, "Found ${files.size} snippets only")
        val givens = File(work, "given.kt").apply { writeText(given) }
        val output = ByteArrayOutputStream()
        val classes = File(work, "classes").path
        val options = arrayOf("-d", classes, "-classpath", CLASSPATH, "-no-stdlib", "-no-reflect", "-jvm-target", "11", "-nowarn")
        val code = K2JVMCompiler().exec(PrintStream(output), *options, *(files + givens).map(File::getPath).toTypedArray())
        assertEquals(ExitCode.OK, code, output.toString())
    }

    @Test
    fun javaCompiles() {
        val given = resource("Given.java")
        val files = Snippet.all("java").mapIndexed { number, snippet ->
            val name = "Snippet$number"
            val wrapped = "class $name extends Given {\nvoid run() throws Exception {\n${snippet.code}\n}\n}"
            val source = if (snippet.isDeclarations) snippet.code else given.imports.joinToString("\n") + "\n" + wrapped
            snippet.file("java").apply { writeText(source) }
        }
        val givens = File(work, "Given.java").apply { writeText(given) }
        val output = ByteArrayOutputStream()
        val options = arrayOf("-d", work.path, "-classpath", CLASSPATH, "-proc:none")
        val paths = (files + givens).map(File::getPath).toTypedArray()
        val code = ToolProvider.getSystemJavaCompiler().run(null, output, output, *options, *paths)
        assertEquals(0, code, output.toString())
    }

    private fun resource(name: String) = javaClass.getResource("/snippets/$name.txt")!!.readText()

    private val String.imports: List<String> get() = lines().filter { it.startsWith("import ") }

    private val Snippet.imports: List<String> get() = code.imports

    /** Rather than statements, which need a function around them. */
    private val Snippet.isDeclarations: Boolean get() = DECLARATION.containsMatchIn(code)

    /** Its name is what the compiler's messages tell. */
    private fun Snippet.file(extension: String) = File(work, "${page.nameWithoutExtension}-$line.$extension")

    private companion object {
        val CLASSPATH: String = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")

        val DECLARATION = Regex("""^(import|@Test|class|fun)\b""", RegexOption.MULTILINE)
    }
}
