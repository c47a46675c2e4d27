package dev.wspool.test

import java.io.IOException
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread

/** What a server does with one connection, from the moment that it has accepted it. The connection ends with the script. */
typealias Script = PeerWire.() -> Unit

/**
 * A real server on loopback that plays a script on each connection, on a thread of its own, and does nothing else: it can be
 * silent, wrong, deaf or rude, as a WebSocket library cannot.
 *
 * ```
 * ScriptedServer(silentAfterAccept).use { server -> … server.url … }
 *
 * ScriptedServer {
 *     upgrade(mapOf("X-Served-By" to "test"))
 *     text("hello, " + receive(PeerFrame.TEXT).payload.decodeToString())
 *     reset()
 * }.use { … }
 * ```
 * Ready-made scripts are in [Scripts]. Where connections are to be treated differently, [PeerWire.number] tells them apart. An
 * [IOException] ends a script quietly, as the client may go whenever it likes; anything else is thrown by [close], so that
 * a script may assert.
 *
 * @param socket where it listens, at loopback: for TLS one of an `SSLServerSocketFactory`, with [scheme] `wss`.
 */
class ScriptedServer(
    socket: ServerSocket = loopbackSocket(),
    private val scheme: String = "ws",
    private val script: Script,
) : AutoCloseable {
    /** One that listens at a port of its own, without TLS. */
    constructor(script: Script) : this(loopbackSocket(), script = script)

    private val failures = CopyOnWriteArrayList<Throwable>()
    private val connections = OpenCount("connections")
    private val acceptor = Acceptor(socket, "scripted server")

    /** Where it listens, also after it was closed. */
    val port: Int get() = acceptor.port

    /** Where it listens, with a path. A certificate for a name needs a URL of the test's own. */
    val url: String get() = "$scheme://127.0.0.1:$port/path"

    /** How many connections there have been, those that never said anything included. */
    val accepted: Int get() = connections.ever

    /** How many connections have a script that has not ended. */
    val open: Int get() = connections.now

    init {
        acceptor.start(::play)
    }

    private fun play(socket: Socket) {
        val number = connections.opened() // here, as scripts begin in any order
        thread(isDaemon = true, name = "script of $port") {
            try {
                socket.use {
                    it.tcpNoDelay = true
                    PeerWire(it, number).script()
                }
            } catch (_: IOException) {
                // The client is gone, or the test is over.
            } catch (failure: Throwable) {
                failures += failure
            } finally {
                acceptor.forget(socket)
                connections.ended()
            }
        }
    }

    /** Waits until every script has come to its end, which, for one that ends with [PeerWire.awaitEnd], is that of its connection. */
    fun awaitNoneOpen(): Unit = awaitOpen(0)

    /**
     * Waits until [number] scripts are being played.
     *
     * @throws AssertionError where it takes longer than 20 seconds.
     */
    fun awaitOpen(number: Int): Unit = connections.await(number)

    /** Listens no more and ends all connections; throws what a script has thrown, be it that the client broke the protocol. */
    override fun close() {
        acceptor.close()
        failures.firstOrNull()?.let { throw it }
    }
}
