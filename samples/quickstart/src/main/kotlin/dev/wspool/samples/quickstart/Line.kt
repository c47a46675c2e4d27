package dev.wspool.samples.quickstart

/**
 * A line of the input.
 *
 * @property number counts from 1.
 * @property text the line without its end, or null where it is none that could be sent.
 * @property problem why it cannot be sent, where [text] is null.
 * @property end how many bytes of the input end with this line.
 */
class Line(val number: Long, val text: String?, val problem: String, val end: Long)
