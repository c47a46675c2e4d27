package dev.wspool.internal

import dev.wspool.CloseAction
import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.internal.machine.Aftermath

private val PROVE = Aftermath(isSuspicious = true)
private val BACK_OFF = Aftermath(backsOff = true)

/** What a connection's end, [info], means for the rest, by the user's policy or the defaults. */
internal fun RealPool.aftermathOf(info: CloseInfo): Aftermath = when (val action = actionFor(info)) {
    is CloseAction.Replace -> Aftermath.REPLACE
    is CloseAction.ReplaceAndProve -> PROVE
    is CloseAction.BackOff -> BACK_OFF
    is CloseAction.Stop ->
        Aftermath(stopsFor = ConnectFailedException("$name closed a connection for good: $info", isPermanent = true), backsOff = true)
    is CloseAction.Wait -> Aftermath(
        holdFrom = action.from.inWholeNanoseconds,
        holdTo = action.to.inWholeNanoseconds,
        isSuspicious = action.proves,
        shrinks = action.shrinks,
    )
}

private fun RealPool.actionFor(info: CloseInfo): CloseAction {
    val own = try {
        config.hooks.closeAction?.invoke(info)
    } catch (failure: Throwable) { // it runs on the engine's reader, which must not end by it
        background.failed(failure)
        null
    }
    return own ?: CloseAction.defaultFor(info.code)
}
