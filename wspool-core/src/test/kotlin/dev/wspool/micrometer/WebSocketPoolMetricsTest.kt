package dev.wspool.micrometer

import dev.wspool.ConnectRefusedException
import dev.wspool.ExpectedLog
import dev.wspool.echoing
import dev.wspool.poolOf
import dev.wspool.test.FakeBehavior
import dev.wspool.withConnection
import io.micrometer.core.instrument.Tags
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The meters of a pool, as Prometheus is told of them. */
@OptIn(ExperimentalCoroutinesApi::class)
class WebSocketPoolMetricsTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    private val connector = echoing()
    private val scraped: List<String> get() = registry.scrape().lines().filterNot { it.startsWith("#") || it.isEmpty() }

    @Test
    fun prometheusIsToldOfAllThatThePoolHasDone() = runTest {
        val pool = poolOf(connector, "wss://user:secret@prices.example.com/v2?key=secret") { name = "prices" }
        WebSocketPoolMetrics(pool, Tags.of("region", "eu")).bindTo(registry)
        pool.withConnection {
            send("hello")
            receiveText()
            delay(3.seconds)
        }
        runCatching { pool.withConnection { error("failed") } }
        runCurrent()
        connector.connecting = FakeBehavior.Fails { ConnectRefusedException("refused") }
        runCatching { pool.borrow(50.milliseconds) }
        val endpoint = "wss://prices.example.com/v2"
        val tags = """endpoint="$endpoint",pool="prices""""
        for (
        line in listOf(
            """wspool_connections{$tags,region="eu",state="idle"} 0.0""",
            """wspool_connections_max{$tags,region="eu"} 10.0""",
            """wspool_connections_opened_total{$tags,region="eu"} 1.0""",
            """wspool_connections_destroyed_total{$tags,reason="Dirty",region="eu"} 1.0""",
            """wspool_connects_failed_total{cause="ConnectRefused",$tags,region="eu"} 1.0""",
            """wspool_borrows_total{endpoint="$endpoint",outcome="after_waiting",pool="prices",region="eu"} 1.0""",
            """wspool_borrows_total{endpoint="$endpoint",outcome="at_once",pool="prices",region="eu"} 1.0""",
            """wspool_borrows_total{endpoint="$endpoint",outcome="timed_out",pool="prices",region="eu"} 1.0""",
            """wspool_borrow_seconds_count{$tags,region="eu"} 2""",
            """wspool_use_seconds_sum{$tags,region="eu"} 3.0""",
            """wspool_use_max_seconds{$tags,region="eu"} 3.0""",
            """wspool_payload_bytes_total{direction="sent",$tags,region="eu"} 5.0""",
            """wspool_up{$tags,region="eu"} 0.0""",
        )
        ) {
            assertContains(scraped, line)
        }
        assertFalse("secret" in registry.scrape())
    }

    @Test
    fun aClosedBinderLeavesNoMeterBehind() = runTest {
        val pool = poolOf(connector)
        WebSocketPoolMetrics(pool).use { it.bindTo(registry) }
        assertEquals(emptyList(), registry.meters)
    }

    @Test
    fun aPoolOfTheSameNameIsToldThatItHasNoMetersAndTakesNoneAway() = runTest {
        val borrowed = """wspool_borrows_total{endpoint="ws://fake",outcome="after_waiting",pool="ws://fake"}"""
        log.expect("ws://fake: not measured: the registry has the meters of another pool of this name and endpoint")
        log.expect("MeterRegistry - This Gauge has been already registered") // Micrometer's own, once
        val first = poolOf(connector)
        val second = poolOf(connector)
        WebSocketPoolMetrics(first).use {
            it.bindTo(registry)
            it.bindTo(registry) // again: harmless
            first.withConnection { }
            WebSocketPoolMetrics(second).use { others -> others.bindTo(registry) }
            assertContains(scraped, "$borrowed 1.0")
        }
        assertEquals(emptyList(), registry.meters)
        WebSocketPoolMetrics(second).bindTo(registry)
        assertContains(scraped, "$borrowed 0.0")
    }
}
