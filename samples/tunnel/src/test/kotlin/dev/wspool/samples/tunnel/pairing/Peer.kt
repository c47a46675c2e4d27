package dev.wspool.samples.tunnel.pairing

import java.io.File
import java.io.IOException
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** One of the two ends in a process of its own, which ends with this one. All calls block. */
internal class Peer(private val main: Class<*>, private val args: (String?) -> String) : AutoCloseable {
    private val said = LinkedBlockingQueue<String>()
    private var process: Process = begin(null)

    /** What it said first; the same after each restart. */
    val greeting: String = answer()

    /** One command, and its answer. */
    fun ask(command: String): String {
        tell(command)
        return answer()
    }

    fun tell(command: String) {
        process.outputStream.write("$command\n".toByteArray())
        process.outputStream.flush()
    }

    fun answer(): String = checkNotNull(said.poll(PATIENCE, TimeUnit.SECONDS)) { "${main.simpleName} did not answer within $PATIENCE s" }

    /** SIGKILL, and another; what it had not answered it never will. */
    fun restart() {
        close()
        process = begin(greeting)
        check(answer() == greeting)
    }

    override fun close() {
        process.destroyForcibly()
        check(process.waitFor(PATIENCE, TimeUnit.SECONDS)) { "${main.simpleName} survived SIGKILL" }
    }

    private fun begin(greeting: String?): Process {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val command = listOf(
            java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", // it is to start soon
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", // who is cut off has nothing to say
            "-cp", System.getProperty("java.class.path"), main.name, args(greeting),
        )
        val started = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        thread(isDaemon = true, name = main.simpleName) { listen(started) }
        return started
    }

    private fun listen(to: Process) = try {
        to.inputStream.bufferedReader().forEachLine(said::add)
    } catch (_: IOException) {
        // killed in the middle of a read
    }

    private companion object {
        const val PATIENCE = 60L
    }
}
