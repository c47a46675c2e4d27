package dev.wspool.samples.devtools

import java.io.File

/** The program file of the browser, and how it is started. */
object ChromiumProgram {
    /** What Linux distributions call it. */
    val NAMES = listOf("chromium", "chromium-browser", "google-chrome")

    /** @throws ChromiumException where none is on [path]. */
    fun find(path: String = System.getenv("PATH").orEmpty()): File {
        val directories = path.split(File.pathSeparator).filter { it.isNotEmpty() }
        return NAMES.flatMap { name -> directories.map { File(it, name) } }.firstOrNull { it.isFile && it.canExecute() }
            ?: throw ChromiumException("found no chromium on the PATH: apt-get install chromium, or name one with --chromium PATH")
    }

    /** Without a window, on a free port of this machine alone, with a [profile] of its own, and with no network but loopback. */
    fun command(program: File, profile: File): List<String> = listOf("$program", "--user-data-dir=$profile") + FLAGS +
        (if (isRoot) listOf("--no-sandbox") else emptyList()) + "about:blank"

    /** Chromium refuses to be root's with its sandbox on. */
    private val isRoot = System.getProperty("user.name") == "root"

    private val FLAGS = listOf(
        "--headless",
        "--remote-debugging-port=0",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--disable-breakpad",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-gpu",
        "--disable-dev-shm-usage", // /dev/shm is 64 MB small in containers
        "--force-device-scale-factor=1",
        "--hide-scrollbars",
    )
}
