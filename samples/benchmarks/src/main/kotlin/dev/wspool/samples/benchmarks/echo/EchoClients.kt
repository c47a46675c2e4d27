package dev.wspool.samples.benchmarks.echo

/** The clients by the names that they have in results. Each is configured as its own documentation has it. */
internal object EchoClients {
    suspend fun open(name: String, connections: Int, url: String, trust: Trust): EchoClient = when (name) {
        "wspool-cio" -> PooledClient.cio(connections, url, trust)
        "wspool-okhttp" -> PooledClient.okHttp(connections, url, trust)
        "ktor-cio" -> SessionClient.open(connections, KtorDialer(cio(trust), url))
        "ktor-okhttp" -> SessionClient.open(connections, KtorDialer(okHttp(trust), url))
        "okhttp" -> SessionClient.open(connections, OkHttpDialer(url, trust))
        "java.net.http" -> SessionClient.open(connections, JdkDialer(url, trust))
        "netty" -> SessionClient.open(connections, NettyDialer(url, trust))
        else -> throw IllegalArgumentException("There is no client $name")
    }
}
