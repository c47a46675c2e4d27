package dev.wspool.samples.dashboard

/** The exit status where the port cannot be had. */
const val FAILED = 1

/** The exit status where the arguments cannot be used, and nothing was done. */
const val NOT_USABLE = 2

/** The exit status of a program that a signal ended is this plus the signal's number. */
const val SIGNALLED = 128
