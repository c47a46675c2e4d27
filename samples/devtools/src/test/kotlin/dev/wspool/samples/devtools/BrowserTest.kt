package dev.wspool.samples.devtools

import dev.wspool.WebSocketPool
import dev.wspool.request
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import javax.imageio.ImageIO
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.seconds

/** With a real Chromium; see the profile browser. */
@Tag("browser")
@Timeout(120)
class BrowserTest {
    @TempDir
    lateinit var directory: File

    @Test
    fun eachPageHasItsOwnPicture() {
        val run = Program("--out", "$directory", "--pages", "6", "--connections", "2")
        assertEquals(emptyList(), run.messages)
        assertEquals(0, run.status)
        val pages = (1..6).map(::Page)
        assertEquals(pages.map { "${it.name}.png" }, directory.list()!!.sorted())
        assertEquals(pages.map { it.colour }, pages.map { ImageIO.read(File(directory, "${it.name}.png")).getRGB(5, 5).and(0xFFFFFF) })
    }

    @Test
    fun whatTheBrowserRefusesNamesTheMethod() = withBrowser { browser ->
        SharedConnections(browser.url, atOnce = 1, connections = 1, 20.seconds).use { way ->
            val failure = assertFailsWith<DevToolsException> { way.withTab("none") { } }
            assertContains(failure.message.orEmpty(), "Target.attachToTarget: ")
        }
    }

    @Test
    fun siteThatIsNotThereFailsThePageAndClosesItsWindow() = withBrowser { browser ->
        SharedConnections(browser.url, atOnce = 1, connections = 1, 20.seconds).use { way ->
            val before = way.pages()
            val failure = assertFailsWith<DevToolsException> { Photographer(way, "http://elsewhere.example").take(Page(1)) }
            assertEquals("Page.navigate: net::ERR_NAME_NOT_RESOLVED", failure.message)
            while (way.pages() != before) continue // the browser answers before the window is gone
        }
    }

    /** Why calls have an envelope of the protocol's, and the id in front. */
    @Test
    fun envelopeOfJsonRpcIsRefusedAndTheIdIsReadOnlyUpToIt() = withBrowser { browser ->
        WebSocketPool(browser.url).use { pool ->
            val named = pool.request("""{"id":7,"jsonrpc":"2.0","method":"Browser.getVersion"}""", 20.seconds)
            val nobodys = pool.request("""{"jsonrpc":"2.0","id":8,"method":"Browser.getVersion"}""", 20.seconds)
            val refusal = """"error":{"code":-32600,"message":"Message has property other than 'id', 'method', 'sessionId', 'params'"}"""
            assertEquals(listOf("{\"id\":7,$refusal}", "{$refusal}"), listOf(named, nobodys))
        }
    }

    private suspend fun Way.pages() = call("Target.getTargets", buildJsonObject { }).getValue("targetInfos").jsonArray
        .map { it.jsonObject }.filter { it.text("type") == "page" }.map { it.text("targetId") }

    private fun withBrowser(block: suspend (Chromium) -> Unit) = runBlocking {
        val browser = Chromium.start(ChromiumProgram.find(), 30.seconds)
        try {
            block(browser)
        } finally {
            browser.stop()
        }
    }
}
