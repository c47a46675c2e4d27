package dev.wspool.ktor.interop

import org.junit.jupiter.api.Tag

/** CIO with npm's ws on Node. */
@Tag("interop")
internal class WsTest : CioRules({ ForeignPeer.ws() })
