package dev.wspool.samples.devtools

/** There is no browser, or no longer. */
class ChromiumException(message: String, cause: Throwable? = null) : RuntimeException(message, cause)
