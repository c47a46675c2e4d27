package dev.wspool.ktor.interop

import java.io.File
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/**
 * A program that can be killed and be started again.
 *
 * @param ready what is in the line that it prints when it listens.
 * @param onLine is given each line that it prints, on a thread of its own.
 */
internal class Program(
    private val command: List<String>,
    private val ready: String,
    private val environment: Map<String, String> = emptyMap(),
    private val onLine: (String) -> Unit = {},
) {
    private val said = ConcurrentLinkedQueue<String>()
    private var process: Process? = null

    /** Returns when it is ready, at once where it runs. Fails, with all that it has printed, where it ends before. */
    fun start() {
        if (process?.isAlive == true) return
        val isReady = CompletableFuture<Unit>()
        val builder = ProcessBuilder(command).redirectErrorStream(true)
        builder.environment() += environment
        val started = builder.start().also { process = it }
        thread(isDaemon = true, name = command.first()) {
            started.inputStream.bufferedReader().useLines { lines ->
                for (line in lines) {
                    said += line
                    onLine(line)
                    if (ready in line) isReady.complete(Unit)
                }
            }
            isReady.completeExceptionally(AssertionError("$command has ended and said:\n${said.joinToString("\n")}"))
        }
        isReady.get(30, TimeUnit.SECONDS)
    }

    /** With SIGKILL, what it has started first; returns when it is gone. */
    fun kill() {
        val running = process ?: return
        running.descendants().forEach { it.destroyForcibly() }
        running.destroyForcibly().waitFor()
        process = null
    }

    companion object {
        /** Where the program [name] is, which may be where only root looks. */
        fun find(name: String): String = (System.getenv("PATH").split(File.pathSeparator) + listOf("/usr/sbin", "/usr/local/sbin"))
            .map { File(it, name) }.firstOrNull(File::canExecute)?.path
            ?: throw AssertionError("$name is not installed: .ci/checks/40-peers.sh says what is needed")

        /** A file of this project's, by its path from the root. */
        fun file(path: String): String {
            val root = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, ".ci").isDirectory }
            return File(root, path).path
        }
    }
}
