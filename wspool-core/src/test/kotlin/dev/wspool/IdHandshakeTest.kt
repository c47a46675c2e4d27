package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Both ends call a connection by the same name. */
@OptIn(ExperimentalCoroutinesApi::class)
class IdHandshakeTest {
    @Test
    fun theServerNamesTheConnectionBeforeItTellsTheClient() = runTest {
        val pool = acceptedPool { onConnect { announceId(IdHandshake.NPWS) } }
        val clients = Clients(pool, FakeConnector(autoConnect = true))
        val client = clients.connect()
        runCurrent()
        val id = (client.sent.single() as Message.Text).text
        assertTrue(Regex("[0-9a-f]{8}").matches(id), id)
        assertEquals(id, pool.borrow(ConnectionId(id), 1.seconds).also(Lease::release).id.value)
        pool.assertNothingLeft(clients.engine)
    }

    @Test
    fun theClientReadsItAsTextOrAsBytes() = runTest {
        val connector = FakeConnector(autoConnect = true)
        val pool = poolOf(connector) { onConnect { readId(IdHandshake.NPWS) } }
        val first = async { pool.borrow() }
        runCurrent()
        connector.connections[0].receives("A1B2c3d4")
        assertEquals("a1b2c3d4", first.await().id.value)
        val second = async { pool.borrow() }
        runCurrent()
        connector.connections[1].receives(Message.Binary(byteArrayOf(0, -1, 16, 127)))
        assertEquals("00ff107f", second.await().id.value)
        listOf(first, second).forEach { it.await().release() }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whatIsNoIdFailsTheDial() = runTest {
        val connector = FakeConnector(autoConnect = true)
        val pool = poolOf(connector) { onConnect { readId() } }
        val borrowing = async { runCatching { pool.borrow(1.seconds) } }
        runCurrent()
        connector.connections[0].receives("a1b2c3d4")
        val message = borrowing.await().exceptionOrNull()!!.message!!
        assertTrue("The first message is no id of 32 hex digits (IdHandshake)" in message, message)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anIdIsEvenAndNeitherTooShortNorTooLong() {
        for (digits in listOf(7, 9, 6, 130)) assertFailsWith<IllegalArgumentException> { IdHandshake(digits) }
    }
}
