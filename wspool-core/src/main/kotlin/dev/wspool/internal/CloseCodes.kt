package dev.wspool.internal

import dev.wspool.CloseAction
import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.internal.machine.Aftermath

private val PROVE = Aftermath(isSuspicious = true)
private val BACK_OFF = Aftermath(backsOff = true)

/** What its end, [info], means for the rest, by the user's policy or the defaults. */
internal fun PooledConnection.aftermathOf(info: CloseInfo): Aftermath = when (val action = pool.actionFor(info)) {
    is CloseAction.Replace -> Aftermath.REPLACE
    is CloseAction.ReplaceAndProve -> PROVE
    is CloseAction.BackOff -> BACK_OFF
    is CloseAction.Stop -> {
        val cause = ConnectFailedException("${pool.name} closed a connection for good: $info (onCloseCode)", isPermanent = true)
        Aftermath(stopsFor = cause, backsOff = true)
    }
    is CloseAction.Wait -> Aftermath(
        holdFrom = action.from.inWholeNanoseconds,
        holdTo = action.to.inWholeNanoseconds,
        isSuspicious = action.proves,
        shrinks = action.shrinks,
    )
}

/** True where a dial that ends by [info] before it can be lent would only end so again. */
internal fun RealPool.isPermanent(info: CloseInfo): Boolean = actionFor(info) is CloseAction.Stop

/** For how long the server, that ended a dial by [info], wants to be left alone at least, in nanoseconds. */
internal fun RealPool.holdAfter(info: CloseInfo): Long = (actionFor(info) as? CloseAction.Wait)?.from?.inWholeNanoseconds ?: 0

private fun RealPool.actionFor(info: CloseInfo): CloseAction =
    background.ask(null) { config.hooks.closeAction?.invoke(info) } ?: CloseAction.defaultFor(info.code)
