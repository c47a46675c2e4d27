package dev.wspool.test

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.Connector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flow
import org.junit.jupiter.api.Assumptions.assumeTrue
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InterruptedIOException
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull

/** What one rule of the [ConnectorContract] plays on: a connector, a peer, and the connections between them. */
class ContractStage internal constructor(
    private val connector: Connector,
    /** The server. */
    val peer: ContractPeer,
) {
    private val job = SupervisorJob()
    private val listeners = CopyOnWriteArrayList<RecordingListener>()

    /** A connection seen from both ends. */
    class Link(val connection: Connection, val peer: PeerConnection, val listener: RecordingListener)

    /** A listener that is checked for misuse when the rule is over; its scope ends then at the latest. */
    fun listener(): RecordingListener {
        val scope = CoroutineScope(SupervisorJob(job) + Dispatchers.Default)
        return RecordingListener(scope).also { listeners += it }
    }

    /** The peer's URL with what must not be seen: user information and query. */
    val secretUrl: String
        get() = peer.url.replaceFirst("://", "://ann:$PASSWORD@") + "?token=$TOKEN"

    suspend fun connect(url: String = peer.url, listener: RecordingListener = listener()): Connection = connect(Endpoint(url), listener)

    suspend fun connect(endpoint: Endpoint, listener: RecordingListener = listener()): Connection = connector.connect(endpoint, listener)

    suspend fun open(headers: Map<String, String> = emptyMap(), url: String = peer.url): Link = coroutineScope {
        val listener = listener()
        val connection = async { connect(url, listener) }
        val link = peer.accept(headers)
        Link(connection.await(), link, listener)
    }

    /** [open], where the connector can do what the rule is about; else the rule is skipped. */
    suspend fun openWith(capability: Capability): Link = open().also {
        assumeTrue(capability in it.connection.capabilities, "The connector has no $capability")
    }

    /** What [action] throws, which must be no cancellation and show no secret. */
    suspend fun failureOf(action: suspend () -> Unit): Throwable {
        var failure: Throwable? = null
        try {
            action()
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive() // the safety net, not the connector
            failure = e
        }
        assertNotNull(failure, "Nothing was thrown")
        assertFalse(failure is CancellationException, "A caller who was not cancelled must not see ${failure.stackTraceToString()}")
        assertNoSecret(failure.stackTraceToString())
        return failure
    }

    fun assertNoSecret(text: String) {
        for (secret in listOf(PASSWORD, TOKEN)) assertFalse(secret in text, "A secret of the URL shows in: $text")
    }

    internal suspend fun end() {
        job.cancelAndJoin()
        connector.close()
        for (listener in listeners) assertEquals(emptyList(), listener.misuse, "Rules of ConnectionListener that were broken")
    }

    internal companion object {
        const val PASSWORD = "pass-hunter2"
        const val TOKEN = "token-s3cret"
    }
}

/** The next whole message that reaches the peer, put together from its fragments; control frames are passed over. */
internal suspend fun PeerConnection.receiveMessage(): Message =
    assertNotNull(receiveMessageOrNull(), "The connection ended before the message")

/** [receiveMessage], or null where the connection ends before the message is whole. */
internal suspend fun PeerConnection.receiveMessageOrNull(): Message? {
    val whole = ByteArrayOutputStream()
    var opcode = 0
    while (true) {
        val frame = receive() ?: return null
        if (frame.opcode >= PeerFrame.CLOSE) continue
        if (frame.opcode != PeerFrame.CONTINUATION) opcode = frame.opcode
        whole.write(frame.payload)
        if (frame.isFinal) break
    }
    return if (opcode == PeerFrame.TEXT) Message.Text(whole.toString("UTF-8")) else Message.Binary(whole.toByteArray())
}

internal suspend fun PeerConnection.send(message: Message): Unit = when (message) {
    is Message.Text -> send(PeerFrame.text(message.text))
    is Message.Binary -> send(PeerFrame.binary(message.bytes))
}

/** The next frame of [opcode]; others are passed over. */
internal suspend fun PeerConnection.receive(opcode: Int): PeerFrame {
    while (true) {
        val frame = assertNotNull(receive(), "The connection ended before a frame of opcode $opcode")
        if (frame.opcode == opcode) return frame
    }
}

/** Accepts until the connection whose request has [mark], and waits for the end of each before it. */
internal suspend fun ContractPeer.awaitEndOfAllBefore(mark: String) {
    while (true) {
        val link = try {
            accept()
        } catch (e: IOException) {
            if (e is InterruptedIOException) throw e // an open socket without a request
            continue // it ended before its upgrade
        }
        if (mark in link.request) return
        link.awaitEnd()
    }
}

/** What reaches the peer, up to the end. */
internal fun PeerConnection.frames(): Flow<PeerFrame> = flow {
    while (true) emit(receive() ?: break)
}

/** Reads until the connector has ended the connection. */
internal suspend fun PeerConnection.awaitEnd() {
    frames().collect()
}

/** Takes the Close frame that must have come and answers it as a server does (RFC 6455, 7.1.1), if there is still somebody. */
internal suspend fun PeerConnection.answerClose(): CloseInfo {
    val close = receive(PeerFrame.CLOSE)
    try {
        send(PeerFrame(PeerFrame.CLOSE, close.payload))
        finish()
    } catch (_: IOException) {
        // an engine that fails the connection need not wait for the answer (RFC 6455, 7.1.7)
    }
    return CloseInfo(close.closeCode, close.closeReason)
}
