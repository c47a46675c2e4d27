package dev.wspool.ktor.server.accept

/** A block of IP addresses (RFC 4632; RFC 4291, 2.3). An IPv4 address that is mapped into IPv6 is the IPv4 address (RFC 4291, 2.5.5.2). */
internal class AddressBlock private constructor(private val network: ByteArray, private val prefix: Int) {
    operator fun contains(address: ByteArray): Boolean {
        if (address.size != network.size) return false
        val whole = prefix / Byte.SIZE_BITS
        for (index in 0 until whole) if (address[index] != network[index]) return false
        val rest = prefix % Byte.SIZE_BITS
        if (rest == 0) return true
        val mask = 0xff shl (Byte.SIZE_BITS - rest)
        return (address[whole].toInt() xor network[whole].toInt()) and mask == 0
    }

    internal companion object {
        /** @throws IllegalArgumentException where [text] is no block. */
        fun parse(text: String): AddressBlock {
            val address = requireNotNull(parseAddress(text.substringBefore('/'))) { "\"$text\" is no address and no CIDR block" }
            val bits = address.size * Byte.SIZE_BITS
            val prefix = if ('/' in text) text.substringAfter('/').toIntOrNull() ?: -1 else bits
            require(prefix in 0..bits) { "\"$text\" has a prefix that is not from 0 to $bits" }
            return AddressBlock(address, prefix)
        }
    }
}

private val IPV4 = Regex("""(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})""")
private val GROUP = Regex("[0-9a-fA-F]{1,4}")
private const val GROUPS = 8
private val PREFIX_OF_MAPPED = List<Byte>(10) { 0 } + List<Byte>(2) { -1 }

/** The bytes of an address that is written out, or null where [text] is none: a name is never looked up. */
internal fun parseAddress(text: String): ByteArray? {
    val plain = text.substringBefore('%') // the zone of a link-local address
    val bytes = if (':' in plain) parseIpv6(plain) else parseIpv4(plain)
    val isMapped = bytes?.size == 2 * GROUPS && bytes.take(PREFIX_OF_MAPPED.size) == PREFIX_OF_MAPPED
    return if (isMapped) bytes!!.copyOfRange(PREFIX_OF_MAPPED.size, 2 * GROUPS) else bytes
}

private fun parseIpv4(text: String): ByteArray? {
    val parts = IPV4.matchEntire(text)?.groupValues?.drop(1)?.map(String::toInt) ?: return null
    return if (parts.all { it <= 255 }) ByteArray(parts.size) { parts[it].toByte() } else null
}

private fun parseIpv6(text: String): ByteArray? {
    val isShort = "::" in text
    val head = groups(text.substringBefore("::"), isEnd = !isShort) ?: return null
    val tail = (if (isShort) groups(text.substringAfter("::"), isEnd = true) else emptyList()) ?: return null
    val missing = GROUPS - head.size - tail.size
    if (if (isShort) missing < 1 else missing != 0) return null
    val all = head + List(missing) { 0 } + tail
    return ByteArray(2 * GROUPS) { index -> (all[index / 2] shr (if (index % 2 == 0) Byte.SIZE_BITS else 0)).toByte() }
}

/** The groups of 16 bits of a part of an address; where it [isEnd] of it, the last two may be written as an IPv4 address. */
private fun groups(text: String, isEnd: Boolean): List<Int>? {
    if (text.isEmpty()) return emptyList()
    val parts = text.split(':')
    val groups = ArrayList<Int>()
    for ((index, part) in parts.withIndex()) {
        if ('.' in part) {
            val ipv4 = parseIpv4(part)?.takeIf { isEnd && index == parts.lastIndex } ?: return null
            groups += listOf(0, 2).map { (ipv4[it].toInt() and 0xff shl Byte.SIZE_BITS) or (ipv4[it + 1].toInt() and 0xff) }
        } else {
            if (!GROUP.matches(part)) return null
            groups += part.toInt(16)
        }
    }
    return groups
}
