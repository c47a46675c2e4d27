package dev.wspool.samples.devtools

/** A call of DevTools has failed; the message begins with its method. */
class DevToolsException(method: String, problem: String, cause: Throwable? = null) : RuntimeException("$method: $problem", cause)
