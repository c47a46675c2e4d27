package dev.wspool.samples.devtools

import java.io.PrintStream

/** Where the program writes: what it has done, and what went wrong. */
class Streams(val output: PrintStream, val error: PrintStream)
