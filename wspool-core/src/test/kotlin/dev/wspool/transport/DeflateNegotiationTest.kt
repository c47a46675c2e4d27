package dev.wspool.transport

import dev.wspool.Compression
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull

/** Which answers an offer of permessage-deflate allows (RFC 7692, 7.1), and what is said of the others. */
class DeflateNegotiationTest {
    private val askingForAll = Compression(serverNoContextTakeover = true)
    private val askingForNothing = Compression(clientNoContextTakeover = false)

    @Test
    fun theOfferNamesWhatIsAskedFor() {
        assertEquals("permessage-deflate", PerMessageDeflate.offer(askingForNothing))
        assertEquals("permessage-deflate; client_no_context_takeover", PerMessageDeflate.offer(Compression()))
        assertEquals(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            PerMessageDeflate.offer(askingForAll),
        )
        assertEquals(
            "permessage-deflate; server_no_context_takeover",
            PerMessageDeflate.offer(Compression(clientNoContextTakeover = false, serverNoContextTakeover = true)),
        )
    }

    @Test
    fun aServerThatNamesNoExtensionDeclines() {
        assertNull(accept(askingForAll))
        assertNull(accept(askingForAll, ""))
        assertNull(accept(askingForAll, " , ", "\t"))
    }

    @Test
    fun whatIsAgreedOnIsWhatEitherEndInsistsOn() {
        agreed("permessage-deflate", askingForNothing, "permessage-deflate")
        agreed("permessage-deflate; client_no_context_takeover", askingForNothing, "permessage-deflate; client_no_context_takeover")
        agreed("permessage-deflate; server_no_context_takeover", askingForNothing, "permessage-deflate; server_no_context_takeover")
        agreed(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8",
            askingForNothing,
            "permessage-deflate; server_max_window_bits=8; client_no_context_takeover; server_no_context_takeover",
        )
    }

    @Test
    fun whoOfferedToTakeNothingOverTakesNothingOverWhateverTheAnswerSays() {
        agreed("permessage-deflate; client_no_context_takeover", Compression(), "permessage-deflate")
        agreed("permessage-deflate; client_no_context_takeover", Compression(), "permessage-deflate; client_no_context_takeover")
    }

    @Test
    fun aServerMayLimitItsWindowUnasked() {
        for (bits in 8..14) {
            agreed("permessage-deflate; server_max_window_bits=$bits", askingForNothing, "permessage-deflate; server_max_window_bits=$bits")
        }
        agreed("permessage-deflate", askingForNothing, "permessage-deflate; server_max_window_bits=15")
    }

    @Test
    fun anAnswerMayBeSpelledInAnyWayThatHeadersMay() {
        val spelled = "permessage-deflate; server_no_context_takeover; server_max_window_bits=10"
        for (answer in listOf(
            "permessage-deflate;server_no_context_takeover;server_max_window_bits=10",
            "\tpermessage-deflate ; server_no_context_takeover ;\tserver_max_window_bits = 10 ",
            "permessage-deflate; server_max_window_bits=\"10\"; server_no_context_takeover",
            "permessage-deflate; server_max_window_bits=\"\\10\"; server_no_context_takeover",
            "PerMessage-Deflate; Server_No_Context_Takeover; SERVER_MAX_WINDOW_BITS=10",
            ", permessage-deflate; server_no_context_takeover; server_max_window_bits=10,,",
        )) {
            agreed(spelled, askingForNothing, answer)
        }
        agreed("permessage-deflate", askingForNothing, "", "permessage-deflate", "")
    }

    @Test
    fun whatIsNotAHeaderOfExtensionsIsMalformed() {
        for (answer in listOf(
            "permessage-deflate;",
            "permessage-deflate; =10",
            "permessage-deflate; server_max_window_bits=",
            "permessage-deflate; server_max_window_bits=\"10",
            "permessage-deflate; server_max_window_bits=\"\"",
            "permessage-deflate; server_max_window_bits=\"1 0\"",
            "permessage-deflate; server_max_window_bits=\"10\\",
            "permessage-deflate server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover=10 10",
            "; server_no_context_takeover",
            "permessage/deflate",
            "\"permessage-deflate\"",
            "permessage-deflate\u0000",
        )) {
            violated("is malformed", askingForNothing, answer)
        }
    }

    @Test
    fun anExtensionThatWasNotOfferedIsAViolation() {
        violated("names an extension that was not offered", askingForNothing, "x-webkit-deflate-frame")
        violated("names an extension that was not offered", askingForNothing, "permessage-deflate, permessage-bzip2")
        violated("names an extension that was not offered", askingForNothing, "permessage-deflate", "mux; max-channels=4")
    }

    @Test
    fun permessageDeflateIsAcceptedOnce() {
        violated("accepts permessage-deflate more than once", askingForNothing, "permessage-deflate, permessage-deflate")
        violated(
            "accepts permessage-deflate more than once",
            askingForNothing,
            "permessage-deflate",
            "permessage-deflate; server_max_window_bits=10",
        )
    }

    @Test
    fun aParameterThatIsUnknownOrWasNotOfferedIsAViolation() {
        violated("gives permessage-deflate a parameter that it does not have", askingForNothing, "permessage-deflate; quality=9")
        violated("gives permessage-deflate a parameter that it does not have", askingForNothing, "permessage-deflate; window")
        for (bits in listOf("", "=8", "=15")) {
            violated(
                "sets client_max_window_bits, which was not offered",
                askingForNothing,
                "permessage-deflate; client_max_window_bits$bits",
            )
        }
    }

    @Test
    fun aParameterComesOnce() {
        for (name in listOf("server_no_context_takeover", "client_no_context_takeover")) {
            violated("sets $name more than once", askingForNothing, "permessage-deflate; $name; $name")
        }
        violated(
            "sets server_max_window_bits more than once",
            askingForNothing,
            "permessage-deflate; server_max_window_bits=10; Server_max_window_bits=10",
        )
    }

    @Test
    fun aValueIsOneThatTheParameterMayHave() {
        for (name in listOf("server_no_context_takeover", "client_no_context_takeover")) {
            violated("gives $name a value", askingForNothing, "permessage-deflate; $name=true")
        }
        for (value in listOf("", "=7", "=16", "=08", "=-8", "=+8", "=eight", "=99999999999", "=\"7\"")) {
            violated(
                "does not give server_max_window_bits a value from 8 to 15",
                askingForNothing,
                "permessage-deflate; server_max_window_bits$value",
            )
        }
    }

    @Test
    fun aServerThatWasAskedToTakeNothingOverHasToSayThatItDoesNot() {
        agreed(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            askingForAll,
            "permessage-deflate; server_no_context_takeover",
        )
        violated(
            "accepts permessage-deflate without server_no_context_takeover, which was asked for (serverNoContextTakeover)",
            askingForAll,
            "permessage-deflate; client_no_context_takeover",
        )
    }

    @Test
    fun aBoundBelowOneIsRefused() {
        val failure = assertFailsWith<IllegalArgumentException> { PerMessageDeflate.accept(Compression(), emptyList(), 0) }
        assertEquals("maxMessageSize must be at least 1, not 0", failure.message)
    }

    private fun accept(compression: Compression, vararg answers: String) = PerMessageDeflate.accept(compression, answers.asList(), 1_000)

    private fun agreed(expected: String, compression: Compression, vararg answers: String) =
        assertEquals(expected, accept(compression, *answers).toString(), answers.joinToString(" | "))

    private fun violated(how: String, compression: Compression, vararg answers: String) {
        val failure = assertFailsWith<ExtensionViolationException>(answers.joinToString(" | ")) { accept(compression, *answers) }
        assertEquals("The server's Sec-WebSocket-Extensions $how", failure.message, answers.joinToString(" | "))
    }
}
