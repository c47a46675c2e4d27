package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What the end of one connection, by its close code, means for the rest of the pool. The connection itself is gone. */
public sealed class CloseAction {
    /** Nothing: it is replaced where it is needed. */
    public object Replace : CloseAction()

    /** It is replaced, and the others are proved by a ping: what broke it may have broken them. */
    public object ReplaceAndProve : CloseAction()

    /**
     * The server does not want us. Who waits, and who borrows from now on and finds nothing idle, fails at once with that
     * cause, until the backoff lets a dial probe, or `rotateCredentials`, `reset` or `resume` clears it.
     */
    public object Stop : CloseAction()

    /** Counts as a failed dial: the next waits as after one. */
    public object BackOff : CloseAction()

    /**
     * No dial is made for a span between [from] and [to], by chance.
     *
     * @property shrinks idle connections beyond `minIdle` are closed.
     * @property proves the other connections are proved by a ping.
     */
    public class Wait
        @JvmOverloads
        constructor(
            public val from: Duration,
            public val to: Duration,
            public val shrinks: Boolean = false,
            public val proves: Boolean = false,
        ) : CloseAction() {
            init {
                require(!from.isNegative() && to >= from && to.isFinite()) { "a wait must go from zero or more up to more: $from to $to" }
            }
        }

    internal companion object {
        private val DEFAULTS: Map<Int, CloseAction> = mapOf(
            CloseInfo.ABNORMAL to ReplaceAndProve,
            1008 to Stop, // policy violation
            1011 to BackOff, // internal error
            1012 to Wait(5.seconds, 15.seconds, proves = true), // service restart
            1013 to Wait(30.seconds, 120.seconds, shrinks = true), // try again later
            4401 to Stop,
            4403 to Stop,
        )

        fun defaultFor(code: Int): CloseAction = DEFAULTS[code] ?: Replace
    }
}
