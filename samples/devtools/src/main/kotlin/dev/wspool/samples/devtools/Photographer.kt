package dev.wspool.samples.devtools

import dev.wspool.PoolException
import kotlinx.coroutines.CancellationException
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.util.Base64

/** Takes screenshots of pages that are at [site], by whatever [way]. */
class Photographer(private val way: Way, private val site: String) {
    /** Opens [page] in a window of its own, takes it, and closes it, also where that fails. */
    suspend fun take(page: Page): Png {
        val target = way.call("Target.createTarget", WINDOW).required("targetId", "Target.createTarget")
        val png = try {
            way.withTab(target) { it.take(page) }
        } catch (failure: Exception) {
            if (failure !is CancellationException) closeAfter(failure, target) // with which the browser itself ends
            throw failure
        }
        close(target)
        return png
    }

    private suspend fun Tab.take(page: Page): Png {
        val shown = call("Page.navigate", buildJsonObject { put("url", site + page.path) })
        shown.text("errorText")?.let { throw DevToolsException("Page.navigate", it) }
        call("Runtime.evaluate", UNTIL_LOADED)
        val picture = call(CAPTURE, AS_PNG).required("data", CAPTURE)
        val png = try {
            Png(Base64.getDecoder().decode(picture))
        } catch (_: IllegalArgumentException) {
            throw DevToolsException(CAPTURE, "the picture is no base64")
        }
        if (png.size != SIZE) throw DevToolsException(CAPTURE, "the picture is no PNG of $SIZE, but ${png.size ?: "something else"}")
        return png
    }

    private suspend fun close(target: String) {
        way.call("Target.closeTarget", buildJsonObject { put("targetId", target) })
    }

    private suspend fun closeAfter(failure: Exception, target: String) = try {
        close(target)
    } catch (further: PoolException) {
        failure.addSuppressed(further)
    } catch (further: DevToolsException) {
        failure.addSuppressed(further)
    }

    companion object {
        private const val WIDTH = 800
        private const val HEIGHT = 600
        const val SIZE = "${WIDTH}x$HEIGHT"

        private const val CAPTURE = "Page.captureScreenshot"
        private val WINDOW = buildJsonObject {
            put("url", "about:blank")
            put("newWindow", true)
            put("width", WIDTH)
            put("height", HEIGHT)
        }

        /** Page.navigate answers as soon as the page begins to come. */
        private val UNTIL_LOADED: JsonObject = buildJsonObject {
            put("expression", "new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', () => done()))")
            put("awaitPromise", true)
        }
        private val AS_PNG = buildJsonObject {
            put("format", "png")
            putJsonObject("clip") {
                put("x", 0)
                put("y", 0)
                put("width", WIDTH)
                put("height", HEIGHT)
                put("scale", 1)
            }
        }
    }
}
