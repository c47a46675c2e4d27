package dev.wspool.ktor.interop

import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Tag

/** Python's websockets. */
@Tag("interop")
internal class WebsocketsTest {
    @Nested
    inner class Own : FullRules({ ForeignPeer.websockets() })

    @Nested
    inner class Cio : FullRules({ ForeignPeer.websockets() }, Engine::cio)
}
