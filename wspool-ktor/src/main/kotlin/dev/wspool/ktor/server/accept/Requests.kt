package dev.wspool.ktor.server.accept

import io.ktor.server.request.ApplicationRequest

/** The values of a header that is a list (RFC 9110, 5.6.1), however many lines it comes in. */
internal fun ApplicationRequest.tokens(header: String): List<String> =
    headers.getAll(header).orEmpty().flatMap { it.split(',') }.map(String::trim).filter(String::isNotEmpty)

internal fun ApplicationRequest.hasToken(header: String, token: String): Boolean =
    tokens(header).any { it.equals(token, ignoreCase = true) }
