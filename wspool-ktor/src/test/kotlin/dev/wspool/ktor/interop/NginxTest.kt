package dev.wspool.ktor.interop

import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Tag

/** nginx in front of a server, by the versions of TLS that it speaks. */
@Tag("interop")
internal class NginxTest {
    @Nested
    inner class Tls12 : Tls12Rules({ nginx(TlsVersions.ONLY_1_2) })

    @Nested
    inner class Tls13 : Tls13Rules({ nginx(TlsVersions.ONLY_1_3) })

    @Nested
    inner class Tls12And13 : Tls13Rules({ nginx(TlsVersions.BOTH) })

    @Nested
    inner class Tls13OkHttp : OkHttpRules({ nginx(TlsVersions.ONLY_1_3) })

    @Nested
    inner class Tls12Cio : ProxyRules({ nginx(TlsVersions.ONLY_1_2) }, Engine::cio)

    private companion object {
        fun nginx(versions: TlsVersions) = TlsProxy.nginx(versions, ForeignPeer.websockets())
    }
}
