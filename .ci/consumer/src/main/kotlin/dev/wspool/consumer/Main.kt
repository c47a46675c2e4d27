package dev.wspool.consumer

import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectRefusedException
import dev.wspool.WebSocketPool
import dev.wspool.ktor.webSocketPool
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.runBlocking
import java.io.File
import java.net.ServerSocket
import java.util.jar.JarFile
import kotlin.time.Duration.Companion.milliseconds

/** Types of the dependencies that wspool calls optional. None may be here, or this program proves nothing. */
private val optional = listOf(
    "io.ktor.server.application.Application",
    "io.ktor.server.websocket.WebSockets",
    "io.ktor.client.engine.okhttp.OkHttp",
    "okhttp3.OkHttpClient",
    "okio.Buffer",
    "io.micrometer.core.instrument.MeterRegistry",
    "kotlinx.serialization.json.Json",
)

/** Where a class of wspool may look for a type that is not there. */
private val optionalPackages = listOf(
    "io/ktor/server/",
    "io/ktor/client/engine/okhttp/",
    "okhttp3/",
    "okio/",
    "io/micrometer/",
    "kotlinx/serialization/json/",
)

fun main() {
    val present = optional.filter { isPresent(it) }
    check(present.isEmpty()) { "On the class path although optional: $present" }

    val jars = System.getProperty("java.class.path").split(File.pathSeparator).filter { File(it).name.startsWith("wspool-") }
    check(jars.size == 2) { "Expected the jars of wspool-core and wspool-ktor, found $jars" }
    jars.forEach { load(File(it)) }

    dial()
}

/** Uses a pool as far as that goes without a server: the client dials, is refused, and the pool says so. */
private fun dial() = runBlocking {
    val nobodysPort = ServerSocket(0).use { it.localPort }
    expectRefusal(WebSocketPool("ws://127.0.0.1:$nobodysPort") { borrowTimeout = 500.milliseconds })
    HttpClient(CIO) { install(WebSockets) }.use { client ->
        expectRefusal(client.webSocketPool("ws://127.0.0.1:$nobodysPort") { borrowTimeout = 500.milliseconds })
    }
}

private suspend fun expectRefusal(pool: WebSocketPool) {
    val failure = runCatching { pool.withConnection { receiveText() } }.exceptionOrNull()
    check(failure is BorrowTimeoutException && failure.cause is ConnectRefusedException) { "Expected a refusal, got $failure" }
    println(failure.message)
    pool.close()
    pool.awaitClosed()
}

/** Links every class of [jar]: each must do without the optional dependencies, or need nothing else. */
private fun load(jar: File) {
    val names = JarFile(jar).use { file -> file.entries().toList().map { it.name }.filter { it.endsWith(".class") } }
    val without = names.filterNot { name ->
        try {
            Class.forName(name.removeSuffix(".class").replace('/', '.'), false, ClassLoader.getSystemClassLoader()).declaredMethods
            true
        } catch (missing: NoClassDefFoundError) {
            val type = missing.message.orEmpty()
            check(optionalPackages.any { type.startsWith(it) }) { "$name of ${jar.name} needs $type, which no dependency brings" }
            false
        }
    }
    check(names.isNotEmpty()) { "${jar.name} is empty" }
    println("${jar.name}: ${names.size} classes, of which ${without.size} wait for an optional dependency")
}

private fun isPresent(type: String): Boolean =
    try {
        Class.forName(type, false, ClassLoader.getSystemClassLoader())
        true
    } catch (_: ClassNotFoundException) {
        false
    }
