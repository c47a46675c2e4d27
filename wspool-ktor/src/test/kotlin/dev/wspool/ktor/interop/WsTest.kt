package dev.wspool.ktor.interop

import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Tag

/** npm's ws on Node. */
@Tag("interop")
internal class WsTest {
    @Nested
    inner class Own : FullRules({ ForeignPeer.ws() })

    @Nested
    inner class Cio : FullRules({ ForeignPeer.ws() }, Engine::cio)
}
