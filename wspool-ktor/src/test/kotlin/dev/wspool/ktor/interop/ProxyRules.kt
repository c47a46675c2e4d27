package dev.wspool.ktor.interop

import org.junit.jupiter.api.Test

/** What holds with a proxy in front of a server. */
internal abstract class ProxyRules(newProxy: () -> TlsProxy, newEngine: () -> Engine = { Engine.Own }) : FullRules(newProxy, newEngine) {
    /** Meanwhile the proxy answers that it has no server. */
    @Test
    fun restartOfTheServerBehindTheProxyCostsNoMoreEither() =
        rule("echo", { forLoad() }) { pool, _ -> Load(pool).through((peer as TlsProxy).behind) }
}
