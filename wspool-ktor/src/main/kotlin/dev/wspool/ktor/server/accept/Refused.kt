package dev.wspool.ktor.server.accept

import io.ktor.http.HttpStatusCode

/** Who asked is not let in, and is told so. Leaves no stack trace: a flood of these must cost little. */
internal class Refused(val status: HttpStatusCode, val why: String = status.description) : RuntimeException(why, null, false, false)
