package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.codec.MaskKeys
import dev.wspool.ktor.engine.tls.TlsBuffers

/** What the sockets of an engine share. */
internal class Shared {
    val chunks = Chunks()
    val keys = MaskKeys()
    val tlsBuffers = TlsBuffers()
}
