package dev.wspool.ktor

import java.io.File
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.security.KeyStore
import java.security.PrivateKey
import java.security.cert.X509Certificate
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLServerSocket
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import kotlin.test.assertEquals

/** A key and its certificate, made by the JDK's own tool, as the JDK has no public API that makes a certificate. */
internal class TestKeys private constructor(private val file: File) {
    val store: KeyStore = KeyStore.getInstance("PKCS12").apply { file.inputStream().use { load(it, PASSWORD) } }
    val chain: List<X509Certificate> get() = store.getCertificateChain(ALIAS).map { it as X509Certificate }
    val certificate: X509Certificate get() = chain.first()
    val key: PrivateKey get() = store.getKey(ALIAS, PASSWORD) as PrivateKey

    /** The certificate as a file that users have. */
    fun pem(): File = file.resolveSibling("certificate.pem").also { keytool("-exportcert", "-rfc", "-file", it.path) }

    /** A key of [name]'s whose certificate these keys have signed. */
    fun sign(name: String, vararg options: String): TestKeys {
        val signed = selfSigned(name)
        val request = signed.file.resolveSibling("request.csr").path
        val answer = signed.file.resolveSibling("answer.pem").path
        signed.keytool("-certreq", "-file", request)
        keytool("-gencert", "-infile", request, "-outfile", answer, "-rfc", *options)
        signed.keytool("-importcert", "-noprompt", "-alias", "ca", "-file", pem().path)
        signed.keytool("-importcert", "-noprompt", "-file", answer)
        signed.keytool("-delete", "-alias", "ca")
        return TestKeys(signed.file)
    }

    /** Trusts this certificate alone. */
    fun trust(): X509TrustManager {
        val trusted = KeyStore.getInstance("PKCS12").apply {
            load(null, null)
            setCertificateEntry(ALIAS, certificate)
        }
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(trusted) }
        return factory.trustManagers.single() as X509TrustManager
    }

    /** A listening socket for TLS with this certificate. Where [clients] is given, they must show a certificate of its. */
    fun serverSocket(clients: TestKeys? = null, protocol: String? = null): ServerSocket {
        val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()).apply { init(store, PASSWORD) }
        val context = SSLContext.getInstance("TLS").apply { init(keys.keyManagers, clients?.let { arrayOf(it.trust()) }, null) }
        val socket = context.serverSocketFactory.createServerSocket(0, 50, InetAddress.getByAddress(ByteArray(4))) as SSLServerSocket
        socket.needClientAuth = clients != null
        if (protocol != null) socket.enabledProtocols = arrayOf(protocol)
        return socket
    }

    private fun keytool(command: String, vararg options: String) =
        run(command, file, if ("-alias" in options) emptyList() else listOf("-alias", ALIAS), options)

    companion object {
        val PASSWORD: CharArray = "changeit".toCharArray()
        private const val ALIAS = "test"

        /** For [name], as a DNS name unless [options] say something else. */
        fun selfSigned(name: String, vararg options: String, algorithm: String = "RSA"): TestKeys {
            val folder = Files.createTempDirectory("wspool").toFile()
            val file = folder.resolve("keys.p12")
            Runtime.getRuntime().addShutdownHook(Thread { folder.deleteRecursively() })
            val san = if ("-ext" in options) emptyArray() else arrayOf("-ext", "san=dns:$name")
            val size = if (algorithm == "RSA") arrayOf("-keysize", "2048") else arrayOf("-groupname", "secp256r1")
            run("-genkeypair", file, listOf("-alias", ALIAS), arrayOf("-keyalg", algorithm, "-dname", "CN=$name", *size, *san, *options))
            return TestKeys(file)
        }

        private fun run(command: String, file: File, alias: List<String>, options: Array<out String>) {
            val tool = System.getProperty("java.home") + "/bin/keytool"
            val line = listOf(tool, command) + alias + options +
                listOf("-storetype", "PKCS12", "-keystore", file.path, "-storepass", String(PASSWORD))
            val made = ProcessBuilder(line).redirectErrorStream(true).start()
            val said = made.inputStream.readBytes().decodeToString()
            assertEquals(0, made.waitFor(), said)
        }
    }
}
