package dev.wspool.samples.loadtest

import java.io.IOException
import java.io.PrintStream

/** Where the program writes: what it measures, and what ended it. */
class Streams(val output: PrintStream, val error: PrintStream, private val areReal: Boolean = false) {
    /** Asks test(1): the JDK can tell of input and output together alone, and native code makes newer JDKs print warnings. */
    val outputIsTerminal: Boolean by lazy {
        areReal && try {
            ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor() == 0
        } catch (_: IOException) {
            false
        }
    }
}
