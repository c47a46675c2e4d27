package dev.wspool.samples.quickstart

/** The exit status where at least one line has no reply. */
const val FAILED = 1

/** The exit status where the arguments cannot be used, and nothing was sent. */
const val NOT_USABLE = 2

/** The exit status of a program that a signal ended is this plus the signal's number. */
const val SIGNALLED = 128
