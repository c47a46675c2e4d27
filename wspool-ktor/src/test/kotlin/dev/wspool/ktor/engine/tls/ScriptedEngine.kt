package dev.wspool.ktor.engine.tls

import java.nio.ByteBuffer
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLEngineResult
import javax.net.ssl.SSLEngineResult.HandshakeStatus
import javax.net.ssl.SSLEngineResult.Status
import javax.net.ssl.SSLSession
import kotlin.test.assertEquals

/** Answers each wrap and unwrap with what was said before. */
internal class ScriptedEngine : SSLEngine() {
    private val unwraps = ArrayDeque<(ByteBuffer, ByteBuffer) -> SSLEngineResult>()
    private val wraps = ArrayDeque<(ByteBuffer) -> SSLEngineResult>()
    private val bare = SSLContext.getDefault().createSSLEngine().session
    var status = HandshakeStatus.NOT_HANDSHAKING
    var applicationSize = 16_384

    /** Where [offered] or [room] are given, that many bytes must be there for it. */
    fun unwraps(status: Status, next: HandshakeStatus, consumed: Int = 0, produced: Int = 0, offered: Int = -1, room: Int = -1) {
        unwraps += { source, destination ->
            if (offered >= 0) assertEquals(offered, source.remaining(), "offered")
            if (room >= 0) assertEquals(room, destination.remaining(), "room")
            source.position(source.position() + consumed)
            destination.position(destination.position() + produced)
            SSLEngineResult(status, next, consumed, produced)
        }
    }

    fun wraps(status: Status, next: HandshakeStatus, produced: Int = 0) {
        wraps += { destination ->
            destination.position(destination.position() + produced)
            SSLEngineResult(status, next, 0, produced)
        }
    }

    fun unwrapThrows(failure: Exception) {
        unwraps += { _, _ -> throw failure }
    }

    fun wrapThrows(failure: Exception) {
        wraps += { throw failure }
    }

    override fun unwrap(source: ByteBuffer, destination: ByteBuffer) = unwraps.removeFirst()(source, destination)

    override fun unwrap(source: ByteBuffer, destinations: Array<out ByteBuffer>, offset: Int, length: Int) =
        unwrap(source, destinations[offset])

    override fun wrap(source: ByteBuffer, destination: ByteBuffer) = wraps.removeFirst()(destination)

    override fun wrap(sources: Array<out ByteBuffer>, offset: Int, length: Int, destination: ByteBuffer) =
        wrap(sources[offset], destination)

    override fun getHandshakeStatus() = status

    override fun getSession(): SSLSession = object : SSLSession by bare {
        override fun getApplicationBufferSize() = applicationSize
    }

    override fun getDelegatedTask(): Runnable? = null

    override fun closeInbound() = Unit

    override fun isInboundDone() = false

    override fun closeOutbound() = Unit

    override fun isOutboundDone() = false

    override fun getSupportedCipherSuites() = emptyArray<String>()

    override fun getEnabledCipherSuites() = emptyArray<String>()

    override fun setEnabledCipherSuites(suites: Array<out String>?) = Unit

    override fun getSupportedProtocols() = emptyArray<String>()

    override fun getEnabledProtocols() = emptyArray<String>()

    override fun setEnabledProtocols(protocols: Array<out String>?) = Unit

    override fun beginHandshake() = Unit

    override fun setUseClientMode(mode: Boolean) = Unit

    override fun getUseClientMode() = true

    override fun setNeedClientAuth(need: Boolean) = Unit

    override fun getNeedClientAuth() = false

    override fun setWantClientAuth(want: Boolean) = Unit

    override fun getWantClientAuth() = false

    override fun setEnableSessionCreation(flag: Boolean) = Unit

    override fun getEnableSessionCreation() = true
}
