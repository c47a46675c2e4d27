package dev.wspool.ktor.engine.tls

import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** A rule of TLS 1.2 and of 1.3. */
@ParameterizedTest(name = "{0}")
@ValueSource(strings = ["TLSv1.2", "TLSv1.3"])
@Target(AnnotationTarget.FUNCTION)
internal annotation class BothVersions
