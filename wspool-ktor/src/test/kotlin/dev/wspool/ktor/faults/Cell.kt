package dev.wspool.ktor.faults

/** One cell of the matrix: a pool whose first connection meets [fault] at [moment], while every other has a fair server. */
internal class Cell(private val fault: Fault, private val moment: Moment) {
    /** As the cells of a table. */
    val row: String get() = "$fault | $moment"

    fun begin() = Play(fault, moment)

    override fun toString() = "$fault, while $moment"
}
