package dev.wspool.ktor.interop

import org.junit.jupiter.api.Tag

/** CIO with Python's websockets. */
@Tag("interop")
internal class WebsocketsTest : CioRules({ ForeignPeer.websockets() })
