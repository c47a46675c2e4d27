package dev.wspool.internal

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.UnknownHostException
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** The system's resolver, on threads that it may block. */
class SystemLookupTest {
    @Test
    fun hostHasTheAddressesThatTheSystemKnows() = rule {
        assertEquals(InetAddress.getAllByName("localhost").toSet(), lookUp("localhost").toSet())
    }

    @Test
    fun resolverRunsOnAThreadThatItMayBlock() = rule {
        var thread = ""
        lookUp("localhost") { arrayOf<InetAddress>().also { thread = Thread.currentThread().name } }
        assertTrue(thread.startsWith("wspool-io-"), thread)
    }

    @Test
    fun whatTheResolverThrowsIsThrown() = rule {
        assertFailsWith<UnknownHostException> { lookUp("a") { throw UnknownHostException(it) } }
    }

    @Test
    fun whoIsCancelledDoesNotWaitForTheResolver() = rule {
        val begun = CompletableDeferred<Unit>()
        val answer = CountDownLatch(1)
        val asking = launch {
            lookUp("a") {
                begun.complete(Unit)
                answer.await()
                arrayOf()
            }
        }
        begun.await()
        asking.cancelAndJoin()
        answer.countDown()
    }

    @Test
    fun addressesAreToldFromNames() {
        for (address in listOf("10.0.0.7", "::1", "fe80::1%eth0")) assertTrue(address.isIpLiteral, address)
        for (name in listOf("a", "10.example.com", "10.0.0.7.example.com", "my_service")) assertFalse(name.isIpLiteral, name)
    }

    private fun rule(play: suspend CoroutineScope.() -> Unit) = runBlocking { withTimeout(20.seconds) { play() } }
}
