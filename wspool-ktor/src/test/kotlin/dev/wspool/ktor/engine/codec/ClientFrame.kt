package dev.wspool.ktor.engine.codec

import java.io.DataInputStream
import kotlin.test.assertEquals

/** A frame as a server reads it from a client (RFC 6455, 5.2); read here without the code under test, byte by byte. */
internal class ClientFrame(val first: Int, val key: Int, val payload: ByteArray)

/** @throws AssertionError where a client must not write so. */
internal fun DataInputStream.readClientFrame(): ClientFrame {
    val first = readUnsignedByte()
    val second = readUnsignedByte()
    assertEquals(0x80, second and 0x80, "the mask bit")
    val (lengthSize, length) = when (val short = second and 0x7f) {
        126 -> 2 to readUnsignedShort()
        127 -> 8 to Math.toIntExact(readLong())
        else -> 0 to short
    }
    val fewest = if (length < 126) {
        0
    } else if (length < 65536) {
        2
    } else {
        8
    }
    assertEquals(fewest, lengthSize, "the bytes in which $length is told")
    val key = readNBytes(4)
    val payload = readNBytes(length)
    assertEquals(length, payload.size, "the payload")
    for (i in payload.indices) payload[i] = (payload[i].toInt() xor key[i % 4].toInt()).toByte()
    return ClientFrame(first, (0..3).fold(0) { all, i -> (all shl 8) or (key[i].toInt() and 0xff) }, payload)
}
