package dev.wspool.samples.java;

/**
 * A line as it is sent with {@code --json}, and as it comes back.
 *
 * @param number from 1 on.
 * @param text without its end.
 */
record Line(long number, String text) {}
