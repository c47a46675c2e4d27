package dev.wspool.samples.loadtest

import java.util.Locale

/** In the same way wherever the machine stands. */
fun Double.decimal(places: Int): String = String.format(Locale.ROOT, "%.${places}f", this)

fun Number.grouped(): String = String.format(Locale.ROOT, "%,d", toLong())

/** So many of them. */
fun Int.of(noun: String): String = if (this == 1) "1 $noun" else "$this ${noun}s"

/** This as a part of a [whole], in percent. */
fun Number.percentOf(whole: Number): String =
    (if (whole.toLong() == 0L) 0.0 else 100.0 * toDouble() / whole.toDouble()).decimal(1) + "%"
