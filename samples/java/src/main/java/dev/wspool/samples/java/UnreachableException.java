package dev.wspool.samples.java;

/** The server was never there: one message serves better than one for each line. */
final class UnreachableException extends RuntimeException {
    UnreachableException(Throwable cause) {
        super("cannot reach the server: " + cause.getMessage(), cause);
    }
}
