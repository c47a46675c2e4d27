package dev.wspool

import dev.wspool.test.FakeConnection

/** The messages that were sent, as text. */
internal val FakeConnection.sentBytes: List<String> get() = sent.map { (it as Message.Binary).bytes.decodeToString() }

/** What one read of at most [count] bytes brings, as text. */
internal suspend fun ByteStream.readText(count: Int): String {
    val bytes = ByteArray(count)
    val read = read(bytes)
    return bytes.decodeToString(0, maxOf(read, 0))
}
