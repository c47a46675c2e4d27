package dev.wspool.ktor.engine.tls

import dev.wspool.TlsConfig.ClientCertificate
import java.net.Socket
import java.security.Principal
import java.security.PrivateKey
import java.security.cert.X509Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.X509ExtendedKeyManager

/**
 * Shows a server that asks the first of [certificates] that is of a type and from an issuer that it takes, or none. Not the
 * platform's key manager, as that takes keys from a key store, which those of a smart card or of AndroidKeyStore do not leave.
 */
internal class ClientKeys(private val certificates: List<ClientCertificate>) : X509ExtendedKeyManager() {
    override fun chooseEngineClientAlias(keyTypes: Array<String>, issuers: Array<Principal>?, engine: SSLEngine?): String? =
        getClientAliases(keyTypes, issuers).firstOrNull()

    override fun chooseClientAlias(keyTypes: Array<String>, issuers: Array<Principal>?, socket: Socket?): String? =
        getClientAliases(keyTypes, issuers).firstOrNull()

    override fun getClientAliases(keyType: String, issuers: Array<Principal>?): Array<String> = getClientAliases(arrayOf(keyType), issuers)

    override fun getCertificateChain(alias: String): Array<X509Certificate>? = find(alias)?.chain?.toTypedArray()

    override fun getPrivateKey(alias: String): PrivateKey? = find(alias)?.key

    override fun chooseServerAlias(keyType: String, issuers: Array<Principal>?, socket: Socket?): String? = null

    override fun getServerAliases(keyType: String, issuers: Array<Principal>?): Array<String>? = null

    /** The server's order of types counts first (RFC 8446, 4.2.3), then ours. An alias is the place in the list. */
    private fun getClientAliases(keyTypes: Array<String>, issuers: Array<Principal>?): Array<String> = keyTypes.flatMap { type ->
        certificates.indices.filter { certificates[it].isOf(type) && certificates[it].isFrom(issuers) }.map(Int::toString)
    }.toTypedArray()

    private fun find(alias: String) = alias.toIntOrNull()?.let(certificates::getOrNull)

    // The certificate's, as that of a key which does not leave its device may be called by another name.
    private fun ClientCertificate.isOf(type: String) = chain.first().publicKey.algorithm == type

    /** A server that names no issuers takes any (RFC 8446, 4.2.4). */
    private fun ClientCertificate.isFrom(issuers: Array<Principal>?) =
        issuers.isNullOrEmpty() || chain.any { it.issuerX500Principal in issuers }
}
