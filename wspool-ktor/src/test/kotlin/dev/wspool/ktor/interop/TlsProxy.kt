package dev.wspool.ktor.interop

import dev.wspool.TlsConfig
import dev.wspool.ktor.TestKeys
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64

/** A proxy that ends TLS in front of the peer [behind]. */
internal class TlsProxy private constructor(
    val behind: Peer,
    ready: String,
    configuration: (port: Int, folder: Path) -> String,
    command: (folder: Path, configuration: Path) -> List<String>,
) : Peer {
    private val folder = Files.createTempDirectory("wspool-proxy")
    private val port = Port()
    private val program: Program

    init {
        val file = folder.resolve("configuration")
        Files.writeString(folder.resolve("certificate.pem"), PEM)
        Files.writeString(file, configuration(port.number, folder))
        program = Program(command(folder, file), ready)
    }

    override val ends get() = behind.ends

    override fun address(path: String) = "wss://localhost:${port.number}$path"

    override fun tls(settings: TlsConfig.Builder) = settings.trust(KEYS.certificate)

    override fun start() {
        behind.start()
        program.start()
    }

    /** Leaves what is behind it running. */
    override fun kill() = program.kill()

    override fun close() {
        kill()
        behind.close()
        port.close()
        folder.toFile().deleteRecursively()
    }

    companion object {
        fun nginx(versions: TlsVersions, behind: Peer) = TlsProxy(
            behind,
            ready = "event method",
            configuration = { port, folder -> nginxConfiguration(versions, port, folder, behind.address("")) },
            // -e, or it opens the log that was compiled in, which only root can.
            command = { folder, file -> listOf(Program.find("nginx"), "-e", "stderr", "-p", "$folder", "-c", "$file") },
        )

        fun haproxy(versions: TlsVersions, behind: Peer) = TlsProxy(
            behind,
            ready = "Loading success",
            configuration = { port, folder -> haproxyConfiguration(versions, port, folder, behind.address("")) },
            command = { _, file -> listOf(Program.find("haproxy"), "-W", "-db", "-f", "$file") },
        )

        private val KEYS by lazy { TestKeys.selfSigned("localhost") }

        /** The certificate and its key, as servers want them. */
        private val PEM by lazy { pem("CERTIFICATE", KEYS.certificate.encoded) + pem("PRIVATE KEY", KEYS.key.encoded) }

        private fun pem(type: String, bytes: ByteArray): String {
            val lines = Base64.getMimeEncoder(64, "\n".toByteArray()).encodeToString(bytes)
            return "-----BEGIN $type-----\n$lines\n-----END $type-----\n"
        }
    }
}
