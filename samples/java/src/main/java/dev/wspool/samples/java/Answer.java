package dev.wspool.samples.java;

import java.time.Duration;

/**
 * What came of a line.
 *
 * @param number of the line, from 1 on.
 * @param isReply false where it failed.
 * @param text the reply, or why there is none.
 * @param time how long it took.
 */
record Answer(long number, boolean isReply, String text, Duration time) {}
