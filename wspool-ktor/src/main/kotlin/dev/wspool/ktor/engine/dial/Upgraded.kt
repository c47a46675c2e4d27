package dev.wspool.ktor.engine.dial

import dev.wspool.TlsSession
import dev.wspool.ktor.engine.loop.NioSocket

/**
 * A socket on which frames go from now on.
 *
 * @property firstBytes what came behind the answer to the upgrade.
 */
internal class Upgraded(val socket: NioSocket, val firstBytes: ByteArray, val tlsSession: TlsSession?)
