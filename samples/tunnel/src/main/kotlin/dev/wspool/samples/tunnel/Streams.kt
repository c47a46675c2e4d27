package dev.wspool.samples.tunnel

import java.io.PrintStream

/** Where the program writes: what it does, and what ended it. */
class Streams(val output: PrintStream, val error: PrintStream)
