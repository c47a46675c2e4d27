package dev.wspool.samples.dashboard

import java.util.Properties

/** A library for browsers as an artefact of Maven's. */
class WebJar(private val name: String) {
    private val directory = "/META-INF/resources/webjars/$name/${version()}"

    /** One of its files. */
    fun read(file: String): ByteArray = readResource("$directory/$file")

    /** The path of its files has it; the artefact itself says what it is. */
    private fun version(): String {
        val properties = readResource("/META-INF/maven/org.webjars.npm/$name/pom.properties")
        return Properties().apply { load(properties.inputStream()) }.getProperty("version")
    }

    private fun readResource(path: String): ByteArray {
        val stream = checkNotNull(javaClass.getResourceAsStream(path)) { "$path is not on the class path" }
        return stream.use { it.readAllBytes() }
    }
}
