package dev.wspool.samples.loadtest

/** This text as one line for a terminal: part of it may come from a server, which must not be able to steer the terminal. */
fun String.oneLine(): String = trim().replace(CONTROL, " ")

private val CONTROL = Regex("""\p{Cntrl}+""")
