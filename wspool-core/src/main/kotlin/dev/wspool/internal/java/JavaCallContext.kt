package dev.wspool.internal.java

import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/** True in a call of the Java face. Its job is the call's: it ends when the call returns, while whoever has called goes on. */
internal val CoroutineContext.isOfJavaCall: Boolean
    get() = this[ContinuationInterceptor] is BlockingCall<*> || this[OfFuture] != null

/** The thread that blocks for the call whose context it is. */
internal val CoroutineContext.callingThread: Thread? get() = (this[ContinuationInterceptor] as? BlockingCall<*>)?.thread

/**
 * In the context of a call that is a future, of which nothing else there tells.
 *
 * @property site where it was called, if that is noted and the call goes on elsewhere.
 */
internal class OfFuture private constructor(val site: StackTraceElement?) : AbstractCoroutineContextElement(OfFuture) {
    companion object : CoroutineContext.Key<OfFuture> {
        private val ANYWHERE = OfFuture(null)

        fun calledAt(site: StackTraceElement?): OfFuture = if (site == null) ANYWHERE else OfFuture(site)
    }
}
