package dev.wspool.ktor.engine.codec

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.TimeUnit.HOURS
import kotlin.random.Random
import kotlin.test.fail
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * Many spoilt streams. With `-Dwspool.fuzz.seconds=N`, as the profile `fuzz` has it, streams that were never tried go on for so long;
 * with `-Dwspool.fuzz.seed=S` it replays what a failure has named.
 */
@Timeout(2, unit = HOURS) // a decoder that hangs
class FrameFuzzTest {
    private val seconds: Int = Integer.getInteger("wspool.fuzz.seconds", 0)
    private val seed: Long? = java.lang.Long.getLong("wspool.fuzz.seed")

    @Test
    fun spoiltStreamsAreReadAsTheReferenceReadsThem() {
        fuzz(seed ?: 1, atLeast = if (seed == null) 3_000 else 1)
    }

    @Test
    fun spoiltStreamsThatWereNeverTriedAreToo() {
        if (seed != null) return
        val fresh = Random.nextLong()
        println("Fuzzer with the fresh seed $fresh")
        val tried = fuzz(fresh, atLeast = 3_000, TimeSource.Monotonic.markNow() + seconds.seconds)
        println("Fuzzer: $tried streams")
    }

    private fun fuzz(firstSeed: Long, atLeast: Int, until: TimeMark = TimeSource.Monotonic.markNow()): Int {
        var tried = 0
        while (tried < atLeast || until.hasNotPassedNow()) {
            val next = firstSeed + tried++
            try {
                FrameFuzzer(next).run()
            } catch (failure: Throwable) {
                fail("Seed $next: ${failure.message ?: failure}\nReplay: -Dwspool.fuzz.seed=$next", failure)
            }
        }
        return tried
    }
}
