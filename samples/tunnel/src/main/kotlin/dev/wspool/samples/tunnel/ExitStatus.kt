package dev.wspool.samples.tunnel

/** The exit status where what was to be done has failed. */
const val FAILED = 1

/** The exit status where the arguments cannot be used, and nothing was begun. */
const val NOT_USABLE = 2

/** The exit status of a program that a signal ended is this plus the signal's number. */
const val SIGNALLED = 128
