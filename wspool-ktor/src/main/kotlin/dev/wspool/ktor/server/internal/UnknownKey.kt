package dev.wspool.ktor.server.internal

/** That nobody knows [name] below [root], and which of [known] is most like it. */
internal fun unknownKey(root: String, name: String, known: Collection<String>): IllegalArgumentException {
    val key = if (name.isEmpty()) root else "$root.$name"
    val nearest = known.minBy { distance(name.lowercase(), it.lowercase()) }
    return IllegalArgumentException("$key is no setting; the nearest is $root.$nearest")
}

/** How many letters have to be put in, left out or changed to make one of the other (Levenshtein). */
private fun distance(one: String, other: String): Int {
    var above = IntArray(other.length + 1) { it }
    for (i in one.indices) {
        val row = IntArray(other.length + 1)
        row[0] = i + 1
        for (j in other.indices) {
            val changed = above[j] + if (one[i] == other[j]) 0 else 1
            row[j + 1] = minOf(changed, above[j + 1] + 1, row[j] + 1)
        }
        above = row
    }
    return above[other.length]
}
