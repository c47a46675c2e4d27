package dev.wspool.micrometer

import dev.wspool.GroupScene
import io.micrometer.core.instrument.Tags
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds

/** The meters of a group, as Prometheus is told of them. */
class PoolGroupMetricsTest : GroupScene() {
    private val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    private val scraped: List<String> get() = registry.scrape().lines().filterNot { it.startsWith("#") || it.isEmpty() }

    @Test
    fun prometheusIsToldOfAllThatTheGroupHasDone() = play {
        val group = open("a", "b") {
            name = "prices"
            maxConnections = 7
        }
        PoolGroupMetrics(group, Tags.of("region", "eu")).bindTo(registry)
        val leases = List(2) { group.borrow() }
        connector.onDial = { throw IOException("refused") }
        runCatching { group.borrow(50.milliseconds) }
        for (line in listOf(
            """wspool_group_connections{group="prices",region="eu",state="leased"} 2.0""",
            """wspool_group_connections_max{group="prices",region="eu"} 7.0""",
            """wspool_group_endpoints{group="prices",region="eu",state="serving"} 2.0""",
            """wspool_group_endpoints{group="prices",region="eu",state="ejected"} 0.0""",
            """wspool_group_borrows_total{group="prices",outcome="after_waiting",region="eu"} 2.0""",
            """wspool_group_borrows_total{group="prices",outcome="timed_out",region="eu"} 1.0""",
            """wspool_group_waiting{group="prices",region="eu"} 0.0""",
            """wspool_group_ejections_total{group="prices",region="eu"} 0.0""",
            """wspool_group_up{group="prices",region="eu"} 1.0""",
        )) {
            assertContains(scraped, line)
        }
        leases.forEach { it.release() }
    }

    @Test
    fun closeTakesItsMetersOut() = play {
        val metrics = PoolGroupMetrics(open("a"))
        metrics.bindTo(registry)
        metrics.close()
        assertEquals(emptyList(), scraped)
    }
}
