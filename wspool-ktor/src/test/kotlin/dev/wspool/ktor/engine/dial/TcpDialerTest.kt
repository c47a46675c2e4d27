package dev.wspool.ktor.engine.dial

import dev.wspool.ktor.awaitDescriptors
import dev.wspool.ktor.engine.loop.EventLoops
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.ConnectException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketTimeoutException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertSame
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** To which of a name's addresses a connection is made. All of 127.0.0.0/8 is this machine, on Linux. */
class TcpDialerTest {
    private val sockets = EventLoops(1)

    @Test
    fun addressThatRefusesIsPassedOver() = server("127.0.0.3").use { server ->
        val remote = connect(server.port, Duration.INFINITE, "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
        assertEquals(InetSocketAddress("127.0.0.3", server.port), remote)
        awaitDescriptors(0, server.port)
    }

    /** For its share of the time, so that the next has some left. */
    @Test
    fun addressThatDoesNotAnswerIsPassedOver() = server("127.0.0.3").use { server ->
        ServerSocket(server.port, 1, InetAddress.getByName("127.0.0.2")).use { deaf ->
            val queued = fill(deaf)
            assertEquals(InetSocketAddress("127.0.0.3", server.port), connect(server.port, 2.seconds, "127.0.0.2", "127.0.0.3"))
            queued.forEach(Socket::close)
        }
    }

    @Test
    fun whatEachAddressSaidIsToldWhereNoneAnswers() {
        val free = ServerSocket(0).use { it.localPort }
        val failure = assertFailsWith<IOException> { connect(free, Duration.INFINITE, "127.0.0.2", "::ffff", "127.0.0.3") }
        assertIs<ConnectException>(failure)
        assertEquals(2, failure.allSuppressed().size)
    }

    @Test
    fun onlyAddressHasAllTheTimeThereIs() = server("127.0.0.2").use { server ->
        assertEquals(InetSocketAddress("127.0.0.2", server.port), connect(server.port, Duration.ZERO, "127.0.0.2"))
    }

    @Test
    fun timeThatIsUpIsTold() = ServerSocket(0, 1, InetAddress.getByName("127.0.0.2")).use { deaf ->
        val queued = fill(deaf)
        val free = connectFailure(deaf.localPort, 100.milliseconds, "127.0.0.2", "127.0.0.3")
        assertIs<SocketTimeoutException>(free.allSuppressed().single())
        queued.forEach(Socket::close)
    }

    @Test
    fun connectionsToOneServerShareItsAddress() = server("127.0.0.2").use { server ->
        val dialer = dialer("127.0.0.2")
        assertSame(connect(dialer, server.port, Duration.INFINITE), connect(dialer, server.port, Duration.INFINITE))
    }

    /** Also where two names have one address, or one address has two servers. */
    @Test
    fun addressIsThatOfTheServerWhateverWasConnectedToBefore() = server("127.0.0.2").use { one ->
        server("127.0.0.2").use { another ->
            val number = byteArrayOf(127, 0, 0, 2)
            var host = ""
            val dialer = TcpDialer(sockets::socket) { arrayOf(InetAddress.getByAddress(host, number)) }
            for ((name, server) in listOf("a.example" to one, "b.example" to one, "b.example" to another)) {
                host = name
                val remote = connect(dialer, server.port, Duration.INFINITE)
                assertEquals(name to server.port, remote.hostString to remote.port)
            }
        }
    }

    /** Where assertions are on, coroutines throw a copy, whose cause is what was thrown. */
    private fun Throwable.allSuppressed() = generateSequence(this) { it.cause }.flatMap { it.suppressed.asSequence() }.toList()

    private fun server(address: String) =
        ScriptedServer(ServerSocket(0, 50, InetAddress.getByName(address)), script = Scripts.silentAfterAccept)

    /** The kernel takes as many as its queue holds, and is silent to those behind. */
    private fun fill(deaf: ServerSocket) = List(4) {
        Socket().apply {
            try {
                connect(deaf.localSocketAddress, 100)
            } catch (_: SocketTimeoutException) {
                // the queue is full
            }
        }
    }

    private fun connectFailure(port: Int, within: Duration, vararg addresses: String) =
        assertFailsWith<IOException> { connect(port, within, *addresses) }

    private fun dialer(vararg addresses: String) =
        TcpDialer(sockets::socket) { addresses.map(InetAddress::getByName).toTypedArray() }

    private fun connect(port: Int, within: Duration, vararg addresses: String) = connect(dialer(*addresses), port, within)

    /** @return the address that answered. */
    private fun connect(dialer: TcpDialer, port: Int, within: Duration): InetSocketAddress = runBlocking {
        withTimeout(30.seconds) {
            val socket = dialer.connect(Destination("name.example", port), within, DialProgress.Unwatched)
            (socket.remoteAddress as InetSocketAddress).also {
                socket.abort()
                socket.awaitRelease()
            }
        }
    }
}
