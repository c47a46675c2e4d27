package dev.wspool.ktor

import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.security.KeyStore
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLServerSocket
import kotlin.test.assertEquals

/** A listening socket for TLS, of the JDK's versions or of [only] one, with a certificate for [host] that it signed itself. */
internal fun tlsSocket(host: String, only: String? = null): ServerSocket {
    val context = SSLContext.getInstance("TLS")
    val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()).apply { init(selfSigned(host), PASSWORD) }
    context.init(keys.keyManagers, null, null)
    val socket = context.serverSocketFactory.createServerSocket(0, 50, InetAddress.getByAddress(ByteArray(4))) as SSLServerSocket
    if (only != null) socket.enabledProtocols = arrayOf(only)
    return socket
}

private val PASSWORD = "changeit".toCharArray()

/** Made by the JDK's own tool, as the JDK has no public API that makes a certificate. */
private fun selfSigned(host: String): KeyStore {
    val file = Files.createTempDirectory("wspool").resolve("keys.p12").toFile().apply { deleteOnExit() }
    val tool = System.getProperty("java.home") + "/bin/keytool"
    val made = ProcessBuilder(
        tool, "-genkeypair", "-alias", "test", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=$host",
        "-ext", "san=dns:$host", "-storetype", "PKCS12", "-keystore", file.path, "-storepass", String(PASSWORD),
    ).redirectErrorStream(true).start()
    val said = made.inputStream.readBytes().decodeToString()
    assertEquals(0, made.waitFor(), said)
    return KeyStore.getInstance("PKCS12").apply { file.inputStream().use { load(it, PASSWORD) } }
}
