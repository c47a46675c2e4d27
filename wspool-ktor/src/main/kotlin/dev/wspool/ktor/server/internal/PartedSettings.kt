package dev.wspool.ktor.server.internal

import dev.wspool.AdaptiveCapacity
import dev.wspool.Backoff
import dev.wspool.Compression
import dev.wspool.Diagnostics
import dev.wspool.LeakDetection
import dev.wspool.PoolConfig
import dev.wspool.TlsConfig
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore

/** A setting that has [parts], each a text: `backoff.initial`. What is not given of it stays as code or the default has it. */
internal class PartedSetting<B>(val name: String, vararg parts: String, val set: B.(Section) -> Unit) {
    val parts: List<String> = parts.asList()
}

internal val PARTED_SETTINGS: List<PartedSetting<PoolConfig.Builder>> = listOf(
    PartedSetting("backoff", "initial", "max") {
        backoff = Backoff(it["initial"]?.span ?: backoff.initial, it["max"]?.span ?: backoff.max)
    },
    PartedSetting("adaptiveCapacity", "minCapacity", "maxCapacity", "minInterval", "maxInterval") {
        val before = adaptiveCapacity
        val min = it.required("minCapacity", it["minCapacity"]?.wholeNumber ?: before?.minCapacity)
        val max = it.required("maxCapacity", it["maxCapacity"]?.wholeNumber ?: before?.maxCapacity)
        val usual = before ?: AdaptiveCapacity(1, 1)
        adaptiveCapacity =
            AdaptiveCapacity(min, max, it["minInterval"]?.span ?: usual.minInterval, it["maxInterval"]?.span ?: usual.maxInterval)
    },
    PartedSetting("compression", "minSize", "level", "clientNoContextTakeover", "serverNoContextTakeover") {
        val before = compression ?: Compression()
        compression = Compression(
            it["minSize"]?.wholeNumber ?: before.minSize,
            it["level"]?.wholeNumber ?: before.level,
            it["clientNoContextTakeover"]?.isTrue ?: before.clientNoContextTakeover,
            it["serverNoContextTakeover"]?.isTrue ?: before.serverNoContextTakeover,
        )
    },
    PartedSetting("diagnostics", "measureTimes", "borrowSites", "leakDetection", "leakThreshold", "reclaimLeaks", "verbose") {
        val before = diagnostics
        diagnostics = Diagnostics(
            it["measureTimes"]?.isTrue ?: before.measureTimes,
            it["borrowSites"]?.isTrue ?: before.borrowSites,
            it["leakDetection"]?.constant<LeakDetection>() ?: before.leakDetection,
            it["leakThreshold"]?.span ?: before.leakThreshold,
            it["reclaimLeaks"]?.isTrue ?: before.reclaimLeaks,
            it["verbose"]?.isTrue ?: before.verbose,
        )
    },
    PartedSetting("tls", "insecure", "trust", "serverName", "protocols", "cipherSuites", "keyStore", "keyStorePassword") {
        tls { read(it) }
    },
)

private fun TlsConfig.Builder.read(parts: Section) {
    parts["insecure"]?.let { if (it.isTrue) insecure() else verified() }
    parts["trust"]?.let {
        verified() // in place of what code trusts
        for (file in it.list) it.reading(file) { trust(File(file)) }
    }
    parts["serverName"]?.let { serverName = it.text }
    parts["protocols"]?.let { protocols(*it.list.toTypedArray()) }
    parts["cipherSuites"]?.let { cipherSuites(*it.list.toTypedArray()) }
    parts["keyStore"]?.let {
        val password = parts.required("keyStorePassword", parts["keyStorePassword"]).text.toCharArray()
        it.reading(it.text) { clientCertificate(keyStore(File(it.text), password), password) }
    }
}

/** PKCS #12, or JKS, which the JDK's own kind reads too. */
private fun keyStore(file: File, password: CharArray): KeyStore = KeyStore.getInstance(KeyStore.getDefaultType()).apply {
    file.inputStream().use { load(it, password) }
}

/** A file that is missing, or is not what it should be, is a setting that makes no sense. */
private inline fun SettingText.reading(file: String, read: () -> Unit) = try {
    checked(read)
} catch (failure: IOException) {
    throw IllegalArgumentException("$key: $file cannot be read: ${failure.message}", failure)
} catch (failure: GeneralSecurityException) {
    throw IllegalArgumentException("$key: $file is not what it should be: ${failure.message}", failure)
}
