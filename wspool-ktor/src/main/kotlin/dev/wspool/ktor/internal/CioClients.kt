package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.TransportConfig
import dev.wspool.transport.ConnectionListener

/**
 * The clients of a pool's own connector. CIO has one TLS configuration for a client, and tells its trust manager of no host:
 * so each `wss` host has a client of its own. All `ws` hosts share one.
 *
 * A client that sockets were left behind in, because their writer was stuck, is retired: its last call ends it, and with it
 * those sockets. So that they cannot pile up, there are never more than [MOST_RETIRED] that still carry calls.
 */
internal class CioClients(private val config: TransportConfig) {
    private val current = LinkedHashMap<String, CioClient>(0, 0.75f, true)
    private val retired = ArrayList<CioClient>()

    /** By host, where all are trusted: a name in the certificate that the server has shown, and the one that Ktor looks for. */
    private val seen = HashMap<String, String>()
    private val learnt = HashMap<String, String>()
    private var isClosed = false

    /** A client for [endpoint] that counts one more call. */
    @Synchronized
    fun begin(endpoint: Endpoint, listener: ConnectionListener): CioClient {
        check(!isClosed) { "The connector is closed" }
        val host = endpoint.host.lowercase()
        val key = if (endpoint.isSecure) "$host ${learnt[host].orEmpty()}" else ""
        current[key]?.let { if (it.begin(listener)) return it }
        val made = if (endpoint.isSecure) secureClient(host) else CioClient(ownClient(config), isOurs = true)
        made.begin(listener)
        current[key] = made
        if (current.size > MOST_HOSTS) current.remove(current.keys.first())!!.retire()
        return made
    }

    private fun secureClient(host: String): CioClient {
        val trust = HostTrust(config.tls, config.tls.serverName ?: host)
        val client = CioClient(ownClient(config, trust, host, learnt[host]), isOurs = true)
        trust.onAccepted = { certificate ->
            if (config.tls.isInsecure) certificate.anyName()?.let { synchronized(this) { seen[host] = it } }
            client.secured()
        }
        return client
    }

    /**
     * Ktor insists on a name even where any certificate is to do: from now on it is that of the certificate which the server
     * has shown. False where there is none.
     */
    @Synchronized
    fun learn(endpoint: Endpoint): Boolean {
        val host = endpoint.host.lowercase()
        learnt[host] = seen[host] ?: return false
        return true
    }

    /** [client] holds a socket that only its end will free. Where too many such clients are left already, it goes on with that. */
    @Synchronized
    fun leaveBehind(client: CioClient) {
        retired.removeAll { it.end.isCompleted }
        if (client in retired || retired.size >= MOST_RETIRED) return
        retired += client
        current.values.remove(client)
        client.retire()
    }

    /** By contract no connection is open any more. */
    @Synchronized
    fun close() {
        isClosed = true
        (current.values + retired).forEach(CioClient::cancel)
    }

    private companion object {
        /** `beforeConnect` may name another host each time; what was not used for long goes. */
        const val MOST_HOSTS = 8
        const val MOST_RETIRED = 4
    }
}
