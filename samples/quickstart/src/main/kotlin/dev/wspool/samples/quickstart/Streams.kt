package dev.wspool.samples.quickstart

import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.io.PrintStream

/** What the program reads and writes where no file is named. */
class Streams(val input: InputStream, val output: OutputStream, val error: PrintStream, private val areReal: Boolean = false) {
    /**
     * True where [descriptor] is a terminal. Asks test(1): the JDK can tell of input and output together alone, and native
     * code makes newer JDKs print warnings.
     */
    fun isTerminal(descriptor: Int): Boolean = areReal && try {
        ProcessBuilder("test", "-t", "$descriptor").inheritIO().start().waitFor() == 0
    } catch (_: IOException) {
        false
    }

    companion object {
        const val INPUT = 0
        const val OUTPUT = 1
        const val ERROR = 2
    }
}
