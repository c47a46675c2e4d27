package dev.wspool.samples.benchmarks.echo

/** The clients by the names that they have in results. Each is configured as its own documentation has it. */
internal object EchoClients {
    suspend fun open(name: String, connections: Int, url: String, trust: Trust): EchoClient = when (name) {
        "wspool" -> PooledClient.own(connections, url, trust)
        "wspool-cio" -> PooledClient.of(cio(trust), connections, url)
        "wspool-okhttp" -> PooledClient.of(okHttp(trust), connections, url)
        "ktor-wspool" -> SessionClient.open(connections, KtorDialer(wspool(trust), url))
        "ktor-cio" -> SessionClient.open(connections, KtorDialer(cio(trust), url))
        "ktor-cio-raw" -> SessionClient.open(connections, RawKtorDialer(cio(trust), url))
        "ktor-okhttp" -> SessionClient.open(connections, KtorDialer(okHttp(trust), url))
        "okhttp" -> SessionClient.open(connections, OkHttpDialer(url, trust))
        "java.net.http" -> SessionClient.open(connections, JdkDialer(url, trust))
        "netty" -> SessionClient.open(connections, NettyDialer(url, trust))
        else -> throw IllegalArgumentException("There is no client $name")
    }
}
