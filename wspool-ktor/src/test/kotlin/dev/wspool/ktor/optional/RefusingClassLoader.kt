package dev.wspool.ktor.optional

import java.io.File
import java.net.URLClassLoader
import java.util.concurrent.ConcurrentLinkedQueue

/** The test's class path again, in which classes of some packages, the JDK's too, are not to be found. */
internal class RefusingClassLoader(private val isRefused: (String) -> Boolean) :
    URLClassLoader(CLASS_PATH, getPlatformClassLoader()) {
    private val asked = ConcurrentLinkedQueue<String>()

    /** What was asked for in vain. */
    val refused: List<String> get() = asked.toList()

    override fun loadClass(name: String, resolve: Boolean): Class<*> {
        if (isRefused(name)) {
            asked += name
            throw ClassNotFoundException("$name is refused")
        }
        return super.loadClass(name, resolve)
    }

    private companion object {
        val CLASS_PATH = System.getProperty("java.class.path")
            .split(File.pathSeparator)
            .map { File(it).toURI().toURL() }
            .toTypedArray()
    }
}
