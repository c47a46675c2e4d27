package dev.wspool.samples.loadtest

/** The exit status where a request has failed that had no excuse, or the server could not be reached. */
const val FAILED = 1

/** The exit status where the arguments cannot be used, and nothing was done. */
const val NOT_USABLE = 2

/** The exit status of a program that a signal ended is this plus the signal's number. */
const val SIGNALLED = 128
