package dev.wspool.ktor.soak

import java.io.File
import java.util.concurrent.TimeUnit

/** A [SoakServer] in a process of its own, and what can be done to a process. All calls block. */
internal class ServerProcess : AutoCloseable {
    private var process: Process = begin(0)

    /** The same for each that is started after it. */
    val port: Int = process.awaitPort()

    private val hook = Thread { process.destroyForcibly() } // a stopped process would not see its input end

    init {
        Runtime.getRuntime().addShutdownHook(hook)
    }

    /** SIGKILL. Returns when it is gone. */
    fun kill() {
        process.destroyForcibly()
        check(process.waitFor(PATIENCE, TimeUnit.SECONDS)) { "The server survived SIGKILL" }
        process.outputStream.close()
        process.inputStream.close()
    }

    /** Returns when it listens. */
    fun restart() {
        process = begin(port)
        check(process.awaitPort() == port)
    }

    /** SIGSTOP: it does nothing any more, and its kernel goes on to acknowledge what comes. */
    fun pause(): Unit = signal("STOP")

    /** SIGCONT. */
    fun resume(): Unit = signal("CONT")

    override fun close() {
        kill()
        Runtime.getRuntime().removeShutdownHook(hook)
    }

    private fun signal(name: String) {
        val status = ProcessBuilder("/bin/sh", "-c", "kill -$name ${process.pid()}").inheritIO().start().waitFor()
        check(status == 0) { "SIG$name: $status" }
    }

    private fun begin(port: Int): Process = ProcessBuilder(
        File(System.getProperty("java.home"), "bin/java").path,
        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", // it is to start soon
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", // who is cut off has nothing to say
        "-cp", System.getProperty("java.class.path"),
        SoakServer::class.java.name, "$port",
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private fun Process.awaitPort(): Int = checkNotNull(inputStream.bufferedReader().readLine()) { "The server did not start" }.toInt()

    private companion object {
        const val PATIENCE = 20L
    }
}
