package dev.wspool.ktor.server.accept

import dev.wspool.test.PeerFrame
import java.io.DataInputStream
import java.io.IOException
import java.net.InetAddress
import java.net.Socket
import java.nio.ByteBuffer

/** A client that asks for an upgrade with the headers that it likes, sees the bare answer, and then does as the test says. */
internal class Knock private constructor(private val port: Int, from: String) : AutoCloseable {
    private val socket = Socket("127.0.0.1", port, InetAddress.getByName(from), 0).apply { soTimeout = 30_000 }
    private val input = DataInputStream(socket.getInputStream().buffered())

    /** The answer's head, line by line. */
    val head: List<String> by lazy { generateSequence { line().takeIf(String::isNotEmpty) }.toList() }

    val status: Int get() = head.first().split(' ')[1].toInt()

    constructor(url: String, vararg headers: String, from: String = "127.0.0.1") : this(portOf(url), from) {
        write("GET /${url.substringAfter("//").substringAfter('/')} HTTP/1.1\r\nHost: 127.0.0.1:$port\r\n")
        write(headers.joinToString("") { "$it\r\n" } + "\r\n")
    }

    fun header(name: String): String? = head.firstOrNull { it.startsWith("$name:", ignoreCase = true) }?.substringAfter(':')?.trim()

    fun write(text: String) = socket.getOutputStream().write(text.toByteArray())

    /** A frame with the mask that leaves all as it is. */
    fun send(opcode: Int, payload: ByteArray, claimed: Int = payload.size) {
        val head = ByteBuffer.allocate(LONGEST_HEAD).put((FIN or opcode).toByte())
        head.put((MASKED or (if (claimed < LENGTH_16) claimed else LENGTH_64)).toByte())
        if (claimed >= LENGTH_16) head.putLong(claimed.toLong())
        head.putInt(0)
        socket.getOutputStream().write(head.array().copyOf(head.position()) + payload)
    }

    /** A short frame of a message that is sent in pieces. */
    fun piece(opcode: Int, payload: ByteArray, isLast: Boolean) {
        val head = ByteBuffer.allocate(LONGEST_HEAD).put((opcode or (if (isLast) FIN else 0)).toByte())
        head.put((MASKED or LENGTH_16).toByte()).putShort(payload.size.toShort()).putInt(0)
        socket.getOutputStream().write(head.array().copyOf(head.position()) + payload)
    }

    fun send(text: String) = send(PeerFrame.TEXT, text.toByteArray())

    /** The opcode and the payload of the next frame, which is short. */
    fun frame(): Pair<Int, ByteArray> {
        val opcode = input.readUnsignedByte() and OPCODE
        val size = input.readUnsignedByte()
        check(size < LENGTH_16) { "The frame is longer than this client reads" }
        return opcode to ByteArray(size).also(input::readFully)
    }

    fun text(): String = frame().second.decodeToString()

    /** Reads on until the server has ended the connection. */
    fun awaitEnd() = try {
        while (input.read() >= 0) continue
    } catch (_: IOException) {
        // a reset is an end too
    }

    private fun line(): String = buildString {
        while (true) {
            val next = input.read()
            if (next < 0 || next == '\n'.code) break
            if (next != '\r'.code) append(next.toChar())
        }
    }

    override fun close() = socket.close()

    companion object {
        /** Connects, and says nothing. */
        fun silent(url: String) = Knock(portOf(url), "127.0.0.1")

        private fun portOf(url: String) = url.substringAfterLast(':').substringBefore('/').toInt()

        /** What RFC 6455, 4.1, asks for. */
        val HANDSHAKE = arrayOf(
            "Connection: keep-alive, Upgrade",
            "Upgrade: WebSocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )
        private const val LONGEST_HEAD = 14
        private const val FIN = 0x80
        private const val MASKED = 0x80
        private const val OPCODE = 0xf
        private const val LENGTH_16 = 126
        private const val LENGTH_64 = 127
    }
}
