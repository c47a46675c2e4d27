package dev.wspool.transport

/**
 * The server's answer to the offer of permessage-deflate is not one that the offer allows: the handshake has failed (RFC 7692,
 * 7.1). The text says what is wrong with the answer and does not quote it.
 */
public class ExtensionViolationException(message: String) : RuntimeException(message)

/**
 * A compressed message cannot be inflated. The connection is to be ended with 1007, as its payload is not what its frame says
 * it is (RFC 6455, 7.4.1; RFC 7692 names no code): no later message can be relied on.
 */
public class MalformedMessageException(message: String) : RuntimeException(message)
