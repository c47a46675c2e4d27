package dev.wspool.ktor.interop

import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Tag

/** haproxy in front of a server, by the versions of TLS that it speaks. */
@Tag("interop")
internal class HaproxyTest {
    @Nested
    inner class Tls12 : Tls12Rules({ haproxy(TlsVersions.ONLY_1_2) })

    @Nested
    inner class Tls13 : Tls13Rules({ haproxy(TlsVersions.ONLY_1_3) })

    @Nested
    inner class Tls12And13 : Tls13Rules({ haproxy(TlsVersions.BOTH) })

    @Nested
    inner class Tls13OkHttp : OkHttpRules({ haproxy(TlsVersions.ONLY_1_3) })

    @Nested
    inner class Tls12Cio : ProxyRules({ haproxy(TlsVersions.ONLY_1_2) }, Engine::cio)

    private companion object {
        fun haproxy(versions: TlsVersions) = TlsProxy.haproxy(versions, ForeignPeer.ws())
    }
}
