package dev.wspool.samples.loadtest

/** The report's lines on connections: those with the most requests, where there are many. */
class ConnectionLines(connections: List<ConnectionResult>, private val requests: Int) {
    private val shown = connections.sortedByDescending { it.requests }.take(MOST)
    private val others = connections.size - shown.size
    private val requestsOfOthers = connections.sumOf { it.requests } - shown.sumOf { it.requests }

    fun lines(): List<String> = buildList {
        add("")
        add("Connection Usage Distribution:")
        shown.forEach { add("  ${it.id}: ${it.requests.of("request")} (${it.requests.percentOf(requests)})") }
        if (others > 0) add("  ${others.of("other")}: ${requestsOfOthers.of("request")} (${requestsOfOthers.percentOf(requests)})")
    }

    fun ages(): List<String> = buildList {
        shown.forEach {
            val age = it.age.long("min")
            val end = if (it.closed == null) "age: $age" else "closed at the age of $age: ${it.closed}"
            add("  Connection ${it.id}: ${it.requests.of("request")}, $end")
        }
        if (others > 0) add("  ${others.of("other connection")}: ${requestsOfOthers.of("request")}")
    }

    private companion object {
        const val MOST = 40
    }
}
