package dev.wspool

import app.cash.turbine.test
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.BinaryFormat
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerialFormat
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.json.Json
import kotlinx.serialization.modules.EmptySerializersModule
import kotlinx.serialization.modules.SerializersModule
import org.junit.jupiter.api.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Messages as values, written by kotlinx.serialization; and what becomes of those that are none. */
class TypedLeaseTest {
    @Serializable
    private data class Ask(val symbol: String)

    @Serializable
    private data class Price(val symbol: String, val price: Int) {
        init {
            require(price >= 0) { "price must not be negative: $price" }
        }
    }

    @Serializable
    private class Nested(val inner: Nested? = null)

    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()
    private val price = "dev.wspool.TypedLeaseTest.Price"

    @Test
    fun valuesGoOutAndComeInAsJson() = runTest {
        poolOf(connector).withConnection {
            sendSerialized(Ask("EURUSD"))
            assertEquals(Message.Text("""{"symbol":"EURUSD"}"""), peer.awaitSent())
            peer.receives("""{"symbol":"EURUSD","price":7,"new":true}""") // what it does not know it passes over
            assertEquals(Price("EURUSD", 7), receiveDeserialized())
            peer.receives("[1,2]")
            assertEquals(listOf(1, 2), receiveDeserialized<List<Int>>(1.seconds))
            assertFailsWith<ReceiveTimeoutException> { receiveDeserialized<Price>(1.seconds) }
        }
    }

    @Test
    fun aTypedLeaseSendsReceivesAndAsks() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val prices = typed<Ask, Price>()
            assertSame(this, prices.lease)
            assertEquals("Connection c1 to ws://fake", prices.toString())
            prices.send(Ask("A"))
            peer.receives("""{"symbol":"A","price":1}""")
            assertEquals(Price("A", 1), prices.receive())
            peer.receives("""{"symbol":"A","price":2}""")
            assertEquals(Price("A", 2), prices.receive(1.seconds))
            val reply = async { prices.request(Ask("B"), 1.seconds) { it.symbol == "B" } }
            runCurrent()
            peer.receives("""{"symbol":"A","price":3}""")
            peer.receives("""{"symbol":"B","price":4}""")
            assertEquals(Price("B", 4), reply.await())
            prices.requestStream(Ask("C")) { it.price == 0 }.test {
                peer.receives("""{"symbol":"C","price":5}""")
                assertEquals(5, awaitItem().price)
                peer.receives("""{"symbol":"C","price":0}""")
                assertEquals(0, awaitItem().price)
                awaitComplete()
            }
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun messagesComeAsValuesAndEndAsTheConnectionDoes() = runTest {
        poolOf(connector).withConnection {
            typed<Ask, Price>().messages.test {
                peer.receives("""{"symbol":"A","price":1}""")
                assertEquals(Price("A", 1), awaitItem())
                peer.closes(1000)
                awaitComplete()
            }
        }
    }

    @Test
    fun aMessageThatDoesNotParseNamesWhatWasExpectedAndTheLeaseGoesOn() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val prices = typed<Ask, Price>()
            peer.receives("""{"symbol":7,"price":"x"}""")
            val e = assertFailsWith<MalformedMessageException> { prices.receive() }
            val text = e.message!!
            assertTrue(text.startsWith("A message on Connection c1 to ws://fake is no $price: "), text)
            assertTrue(text.endsWith(""". It begins "{"symbol":7,"price":"x"}" (24 characters)"""), text)
            assertFalse("JSON input" in text, text)
            assertEquals(Message.Text("""{"symbol":7,"price":"x"}"""), e.received)
            assertNull(e.cause)
            peer.receives("""{"symbol":"A","price":1}""")
            assertEquals(Price("A", 1), prices.receive())
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aFlowEndsAtAMessageThatDoesNotParseAndMayGoOnAfterIt() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val messages = typed<Ask, Price>().messages
            messages.test {
                peer.receives("nonsense")
                assertIs<MalformedMessageException>(awaitError())
            }
            messages.test {
                peer.receives("""{"symbol":"A","price":1}""")
                assertEquals(1, awaitItem().price)
                cancel()
            }
            peer.receives("""{"symbol":"A","price":2}""")
            assertEquals(2, receiveDeserialized<Price>().price)
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun whatAConstructorRefusesDoesNotParse() = runTest {
        poolOf(connector).withConnection {
            peer.receives("""{"symbol":"A","price":-1}""")
            val e = assertFailsWith<MalformedMessageException> { receiveDeserialized<Price>() }
            val beginning = """It begins "{"symbol":"A","price":-1}" (25 characters)"""
            assertEquals("A message on Connection c1 to ws://fake is no $price: price must not be negative: -1. $beginning", e.message)
        }
    }

    @Test
    fun whatWasExpectedIsNamedThroughListsAndMaps() = runTest {
        poolOf(connector).withConnection {
            repeat(2) { peer.receives("nonsense") }
            val ofList = assertFailsWith<MalformedMessageException> { receiveDeserialized<List<Price>>() }
            assertTrue(" is no List of $price: " in ofList.message!!, ofList.message)
            val ofMap = assertFailsWith<MalformedMessageException> { receiveDeserialized<Map<String, List<Int>>>() }
            assertTrue(" is no Map to List of kotlin.Int: " in ofMap.message!!, ofMap.message)
        }
    }

    @Test
    fun aMessageOfTheOtherKindDoesNotParse() = runTest {
        poolOf(connector).withConnection {
            peer.receives(byteArrayOf(10, -1) + ByteArray(98))
            val e = assertFailsWith<MalformedMessageException> { receiveDeserialized<Price>() }
            val beginning = "It begins 0a ff" + " 00".repeat(30) + " (100 bytes)"
            assertEquals("A message on Connection c1 to ws://fake is no $price: it is no text message. $beginning", e.message)
            peer.receives("text")
            val other = assertFailsWith<MalformedMessageException> { receiveDeserialized<Price>(format = Bytes) }
            assertEquals(
                "A message on Connection c1 to ws://fake is no $price: it is no binary message. It begins \"text\" (4 characters)",
                other.message,
            )
        }
    }

    @Test
    fun whatIsShownOfAMessageIsBoundedAndHarmless() = runTest {
        val url = "wss://fake/?token=s3cr3t-t0ken"
        poolOf(connector, url).withConnection {
            val long = "x".repeat(1_000_000)
            peer.receives("""{"symbol":"s3cr3t-t0ken","price":"$long"}""")
            val e = assertFailsWith<MalformedMessageException> { receiveDeserialized<Price>() }
            assertTrue(e.texts.length < 20_000, "${e.texts.length}")
            assertTrue(e.message!!.length < 600, e.message)
            assertFalse("s3cr3t" in e.texts || "x".repeat(300) in e.texts, e.message)
            peer.receives("\u001B[31mred\n")
            val colored = assertFailsWith<MalformedMessageException> { receiveDeserialized<Price>() }
            assertTrue(colored.message!!.endsWith("It begins \"\uFFFD[31mred\uFFFD\" (9 characters)"), colored.message)
        }
    }

    @Test
    fun aMessageThatIsNestedTooDeeplyDoesNotParse() = runTest {
        poolOf(connector).withConnection {
            peer.receives("""{"inner":""".repeat(100_000))
            val e = assertFailsWith<MalformedMessageException> { receiveDeserialized<Nested>() }
            assertTrue("Nested: it is nested too deeply. It begins" in e.message!!, e.message)
        }
    }

    @Test
    fun aReplyThatDoesNotParseGivesTheRequestUp() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val reply = async { runCatching { typed<Ask, Price>().request(Ask("A")) { it.symbol == "A" } } }
            runCurrent()
            peer.receives("nonsense")
            assertIs<MalformedMessageException>(reply.await().exceptionOrNull())
            assertFailsWith<LeaseReleasedException> { receive() }
        }
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
    }

    @Test
    fun aValueThatCannotBeWrittenIsNotSentAndTheLeaseStaysClean() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            assertFailsWith<SerializationException> { sendSerialized(Double.NaN, Json) }
            assertFailsWith<SerializationException> { typed<Double, Price>().request(Double.NaN) }
            assertEquals(emptyList(), peer.sent)
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aBinaryFormatMakesBinaryMessages() = runTest {
        poolOf(echoing()).withConnection {
            sendSerialized("as bytes", Bytes)
            assertContentEquals("\"as bytes\"".encodeToByteArray(), receiveBinary())
            typed<String, String>(Bytes).let {
                it.send("as bytes")
                assertEquals("as bytes", it.receive())
            }
        }
    }

    @Test
    fun aFormatOfAnyOtherKindIsAMistake() = runTest {
        val other = object : SerialFormat {
            override val serializersModule: SerializersModule get() = EmptySerializersModule()
        }
        poolOf(connector).withConnection {
            peer.receives("stays")
            val text = "A format of texts or of bytes is needed, not ${other.javaClass.name}"
            assertEquals(text, assertFailsWith<IllegalArgumentException> { typed<Ask, Price>(other) }.message)
            assertEquals(text, assertFailsWith<IllegalArgumentException> { sendSerialized(Ask("A"), other) }.message)
            assertEquals(text, assertFailsWith<IllegalArgumentException> { receiveDeserialized<Price>(other) }.message)
            assertEquals("stays", receiveText())
        }
    }

    /** JSON, in bytes. */
    private object Bytes : BinaryFormat {
        override val serializersModule: SerializersModule get() = EmptySerializersModule()

        override fun <T> encodeToByteArray(serializer: SerializationStrategy<T>, value: T): ByteArray =
            Json.encodeToString(serializer, value).encodeToByteArray()

        override fun <T> decodeFromByteArray(deserializer: DeserializationStrategy<T>, bytes: ByteArray): T =
            Json.decodeFromString(deserializer, bytes.decodeToString())
    }
}
