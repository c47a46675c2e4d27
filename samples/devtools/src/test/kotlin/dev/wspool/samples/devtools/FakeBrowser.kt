package dev.wspool.samples.devtools

import java.io.File

/** A program that begins as a browser does, and then does what [script] says. */
fun fakeBrowser(directory: File, script: String): File = File(directory, "fake-browser").apply {
    writeText("#!/bin/sh\n$script\n")
    setExecutable(true)
}
