package dev.wspool

import dev.wspool.transport.Connector
import kotlinx.coroutines.test.TestScope

/** `7:what` is a request with the id 7, and a reply to it, the last unless it ends with `…`; what has no colon is about nothing. */
internal object ColonCorrelator : Correlator {
    override fun requestId(request: Message): Any? = idOf(request)

    override fun replyTo(message: Message): Correlator.Reply? {
        check(message is Message.Text) { "A binary message" }
        return idOf(message)?.let { Correlator.Reply(it, isLast = !message.text.endsWith("…")) }
    }

    override fun cancellation(requestId: Any): Message = Message.Text("$requestId cancelled")

    private fun idOf(message: Message): String? = (message as? Message.Text)?.text?.substringBefore(':', "")?.ifEmpty { null }
}

/** A pool of one connection that so many share, in the virtual time of the test. */
internal fun TestScope.sharedPoolOf(connector: Connector, leases: Int = 3, configure: PoolConfig.Builder.() -> Unit = {}): WebSocketPool =
    poolOf(connector) {
        maxConnections = 1
        leasesPerConnection = leases
        correlator = ColonCorrelator
        configure()
    }
