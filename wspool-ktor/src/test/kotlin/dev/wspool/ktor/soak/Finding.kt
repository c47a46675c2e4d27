package dev.wspool.ktor.soak

/** One figure that is a criterion: [isKept], or the soak has failed. */
internal class Finding(val criterion: String, val figure: String, val isKept: Boolean) {
    override fun toString(): String = "| $criterion | $figure${if (isKept) "" else " **VIOLATED**"} |"

    companion object {
        fun none(criterion: String, count: Number): Finding = Finding(criterion, "$count", count.toLong() == 0L)
    }
}
