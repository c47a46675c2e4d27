package dev.wspool.samples.android

import java.io.File

/** The test's class path, of which an app has a part. */
internal object ClassPath {
    /** What an app with wspool-ktor has beside wspool itself, as far as it is found here: the optional parts are not. */
    val NEEDED = listOf(
        "kotlin-stdlib",
        "kotlinx-coroutines-core",
        "kotlinx-coroutines-slf4j",
        "kotlinx-io",
        "kotlinx-serialization-core",
        "ktor-",
        "slf4j-api",
        "annotations-",
    )

    val entries: List<File> = System.getProperty("java.class.path").split(File.pathSeparator).map(::File)

    fun entryOf(type: Class<*>): File = File(type.protectionDomain.codeSource.location.toURI())
}

/** True for the artefact whose name begins with [name], be it a jar or the classes of a module that is built beside this one; no test-jar. */
internal fun File.isOf(name: String): Boolean = when {
    isDirectory -> this.name == "classes" && parentFile.parentFile.name == name
    else -> this.name.startsWith(name) && !this.name.endsWith("-tests.jar")
}
