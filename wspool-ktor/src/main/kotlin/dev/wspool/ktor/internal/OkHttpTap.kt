package dev.wspool.ktor.internal

import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttpConfig
import io.ktor.util.AttributeKey
import okhttp3.Dispatcher
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import okhttp3.Response
import okio.IOException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong

private val Tap = AttributeKey<OkHttpTap>("wspool OkHttp tap")

/** Names the dial to [OkHttpTap]; never sent to the server. */
internal const val DIAL_HEADER = "wspool-dial"

/**
 * An interceptor of the client's OkHttp, put there once, that knows the calls of the pool's dials by a header and lets all
 * others pass. By Ktor's session alone nothing could be ended: it says Close and waits for OkHttp, 60 s for a mute peer.
 */
internal class OkHttpTap private constructor() : Interceptor {
    /** Where calls wait for a thread, as soon as Ktor has made its OkHttpClient. */
    @Volatile
    private var dispatcher: Dispatcher? = null

    override fun intercept(chain: Interceptor.Chain): Response {
        val number = chain.request().header(DIAL_HEADER) ?: return chain.proceed(chain.request())
        val link = links[number] ?: throw IOException("The dial was given up")
        link.begin(chain.call())
        // OkHttp offers compression unasked, and would inflate without bound what a server sends.
        val request = chain.request().newBuilder().removeHeader(DIAL_HEADER).removeHeader("Sec-WebSocket-Extensions").build()
        return link.answered(chain.proceed(request))
    }

    /** Keeps [link] where its call will look for it, until [forget]. */
    fun register(link: OkHttpLink): String = numbers.incrementAndGet().toString().also { links[it] = link }

    fun forget(number: String) {
        links.remove(number)
    }

    /** The dispatcher's limit, where it is reached now, else null. */
    fun limitReached(): Int? = dispatcher?.run { maxRequests.takeIf { runningCallsCount() >= it } }

    private fun join(client: OkHttpClient.Builder) {
        if (Probe in client.interceptors()) return
        client.addInterceptor(this)
        dispatcher = client.build().dispatcher
    }

    companion object {
        /** Of all clients, as clients that are derived from one another share their engine. */
        private val links = ConcurrentHashMap<String, OkHttpLink>()
        private val numbers = AtomicLong()

        fun of(client: HttpClient): OkHttpTap = client.attributes.computeIfAbsent(Tap) {
            OkHttpTap().also { tap -> (client.engine.config as OkHttpConfig).config { tap.join(this) } }
        }
    }
}

/** Marks an OkHttpClient that is made to be looked at only. */
private object Probe : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response = chain.proceed(chain.request())
}

/**
 * How many calls the client's OkHttp will run at once, each open WebSocket being one; null where nobody can tell.
 *
 * `engine { config { … } }` is a block that Ktor runs for each OkHttpClient that it makes and shows to nobody. It is run here
 * once more, as Ktor does; where a shrinker has renamed it, the limit is met when it is reached.
 */
internal fun OkHttpConfig.maxRequests(): Int? = try {
    @Suppress("UNCHECKED_CAST")
    val block = javaClass.getMethod("getConfig\$ktor_client_okhttp").invoke(this) as OkHttpClient.Builder.() -> Unit
    val builder = preconfigured?.newBuilder() ?: OkHttpClient.Builder()
    builder.addInterceptor(Probe).apply(block).build().dispatcher.maxRequests
} catch (_: ReflectiveOperationException) {
    null
}
