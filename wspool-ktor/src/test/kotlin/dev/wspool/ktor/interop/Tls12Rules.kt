package dev.wspool.ktor.interop

import org.junit.jupiter.api.Test

/** What holds of CIO with a proxy that speaks TLS 1.2. */
internal abstract class Tls12Rules(newProxy: () -> TlsProxy) : CioRules(newProxy) {
    /** Meanwhile the proxy answers that it has no server. */
    @Test
    fun restartOfTheServerBehindTheProxyCostsNoMoreEither() =
        rule("echo", { forLoad() }) { pool, _ -> Load(pool).through((peer as TlsProxy).behind) }
}
