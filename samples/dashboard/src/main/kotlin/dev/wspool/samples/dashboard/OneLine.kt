package dev.wspool.samples.dashboard

/** This text as one line for a terminal: part of it may come from a command line, which must not be able to steer the terminal. */
fun String.oneLine(): String = trim().replace(CONTROL, " ")

private val CONTROL = Regex("""\p{Cntrl}+""")
