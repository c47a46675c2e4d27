package dev.wspool.samples.devtools

/** The exit status where a page has no screenshot, or there is no browser. */
const val FAILED = 1

/** The exit status where the arguments cannot be used, and nothing was done. */
const val NOT_USABLE = 2

/** The exit status of a program that a signal ended is this plus the signal's number. */
const val SIGNALLED = 128
