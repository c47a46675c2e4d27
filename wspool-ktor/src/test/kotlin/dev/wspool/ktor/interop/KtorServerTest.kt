package dev.wspool.ktor.interop

/** CIO with Ktor's own server. */
internal class KtorServerTest : CioRules({ KtorPeer() }) {
    override val hasMeter = false
}
