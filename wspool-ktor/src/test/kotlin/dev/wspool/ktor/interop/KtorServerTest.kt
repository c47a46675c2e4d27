package dev.wspool.ktor.interop

import org.junit.jupiter.api.Nested

/** Ktor's own server. */
internal class KtorServerTest {
    @Nested
    inner class Own : FullRules({ KtorPeer() }) {
        override val hasMeter = false
    }

    @Nested
    inner class Cio : FullRules({ KtorPeer() }, Engine::cio) {
        override val hasMeter = false
    }
}
