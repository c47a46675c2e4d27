package dev.wspool.ktor.faults

import dev.wspool.ktor.faults.Moment.Closing
import dev.wspool.ktor.faults.Moment.Dialing
import dev.wspool.ktor.faults.Moment.Idle
import dev.wspool.ktor.faults.Moment.Reading
import dev.wspool.ktor.faults.Moment.Writing
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.Script
import dev.wspool.test.Scripts
import dev.wspool.transport.Capability
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.MILLISECONDS
import kotlin.time.Duration.Companion.milliseconds

/**
 * What a peer may do wrong, and when.
 *
 * @property moments at which a cell plays it.
 * @property isHandshake true where it takes the place of an upgrade.
 * @property needs what a connector must be able to do for its cells.
 * @property isSilent true where nothing tells of it but a time that is up.
 * @property isHarmless true where an idle connection outlives it.
 * @property isDeaf true where a sender gets stuck, and has to give up himself.
 * @property script what the server does from that moment on; it is told when the peer is to be well again, for those that last.
 */
internal class Fault(
    private val name: String,
    val moments: Set<Moment>,
    val isHandshake: Boolean = false,
    val needs: Set<Capability> = emptySet(),
    val isSilent: Boolean = false,
    val isHarmless: Boolean = false,
    val isDeaf: Boolean = false,
    val script: PeerWire.(healed: CountDownLatch) -> Unit,
) {
    override fun toString() = name

    companion object {
        private val ALWAYS = Moment.entries.toSet()

        val ALL: List<Fault> = handshakes() + ends() + silences() + surprises() + violations()

        private fun handshakes() = listOf(
            handshake("silent after accept", isSilent = true, Scripts.silentAfterAccept),
            handshake("handshake byte by byte, too slow", isSilent = true, Scripts.slowHandshake(20.milliseconds)),
            handshake("401", script = Scripts.refusal(401, mapOf("WWW-Authenticate" to "Basic realm=\"s3cret\""), "s3cret")),
            handshake("429 with Retry-After", script = Scripts.refusal(429, mapOf("Retry-After" to "1"))),
            handshake("503", script = Scripts.refusal(503)),
            handshake("wrong Sec-WebSocket-Accept", script = Scripts.wrongAccept),
            handshake("FIN instead of an answer", script = Scripts.hangUp),
            handshake("RST within the answer", script = Scripts.resetInHandshake),
            handshake("no HTTP", script = Scripts.notHttp),
        )

        private fun ends() = listOf(
            Fault("FIN without a Close", ALWAYS) { Scripts.endWithoutClose(this) },
            Fault("FIN in mid-frame", ALWAYS) { Scripts.endInMidFrame(this) },
            Fault("RST in mid-fragment", ALWAYS) { Scripts.resetInMidFragment(this) },
            Fault("Close 1001", ALWAYS) { Scripts.closeWith(1001, "restart")(this) },
            Fault("Close 1011", ALWAYS) { Scripts.closeWith(1011, "broken")(this) },
            Fault("Close 4000", ALWAYS) { Scripts.closeWith(4000, "token=s3cret")(this) },
            Fault("no reply to a Close", setOf(Closing)) { healed ->
                Scripts.noCloseReply(this)
                healed.await() // Ktor has ended its half behind the Close; this half stays open
            },
        )

        private fun silences() = listOf(
            Fault("half-open", setOf(Dialing, Closing), isSilent = true) { Scripts.halfOpen { it.await() }(this) },
            Fault("half-open", setOf(Idle, Reading, Writing), needs = setOf(Capability.Ping), isSilent = true) {
                Scripts.halfOpen { it.await() }(this)
            },
            Fault("slow reader", setOf(Writing), needs = setOf(Capability.Backpressure), isDeaf = true) { healed ->
                while (healed.count > 0 && skip(SLOW_READ)) healed.await(1, MILLISECONDS)
                awaitEnd()
            },
        )

        private fun surprises() = listOf(
            Fault("late frame after release", setOf(Idle)) {
                text("late")
                fair()
            },
            Fault("late frame before release", setOf(Reading), needs = setOf(Capability.Ping)) {
                text(REPLY)
                text("late")
                fair()
            },
            Fault("late frame instead of a Close", setOf(Closing)) {
                text("late")
                send(PeerFrame.close(1000))
            },
            Fault("ping flood", setOf(Dialing, Reading)) {
                flood()
                text(REPLY)
                fair()
            },
            Fault("ping flood", setOf(Idle, Writing), isHarmless = true) {
                flood()
                fair()
            },
            Fault("ping flood", setOf(Closing)) {
                flood()
                send(PeerFrame.close(1000))
            },
        )

        private fun violations() = listOf(
            Fault("masked frame", ALWAYS - Closing) {
                masked()
                fair()
            },
            Fault("masked frame", setOf(Closing)) {
                masked()
                send(PeerFrame.close(1000))
            },
            Fault("reserved bits", ALWAYS) { Scripts.reservedBits(this) },
            Fault("stray continuation", ALWAYS) { Scripts.strayContinuation(this) },
            Fault("invalid UTF-8", ALWAYS, needs = setOf(Capability.Utf8Check)) { Scripts.invalidUtf8(this) },
            Fault("oversize message", ALWAYS, needs = setOf(Capability.MessageBound)) { Scripts.oversize(4 shl 20)(this) },
        )

        private fun handshake(name: String, isSilent: Boolean = false, script: Script) =
            Fault(name, setOf(Dialing), isHandshake = true, isSilent = isSilent) { script() }

        private fun PeerWire.flood() = repeat(5_000) { frame(FIN or PING, "$it".toByteArray()) }

        private fun PeerWire.masked() = frame(FIN or TEXT, "masked".toByteArray(), mask = byteArrayOf(1, 2, 3, 4))

        private const val SLOW_READ = 1_024
    }
}

/** What a peer says that does as it should. */
internal const val REPLY = "reply"

/** Does as it should: answers text, and listens to what is binary, which comes in masses. */
internal fun PeerWire.fair() {
    for (frame in frames()) {
        if (frame.opcode != PeerFrame.BINARY) reply(frame)
        if (frame.opcode == CLOSE) break
    }
}
