package dev.wspool.internal

import org.slf4j.Logger
import org.slf4j.LoggerFactory

/** The library's one logger. */
internal val log: Logger = LoggerFactory.getLogger("dev.wspool")
