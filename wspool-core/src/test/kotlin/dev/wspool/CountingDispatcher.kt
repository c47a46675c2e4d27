package dev.wspool

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.test.TestDispatcher
import kotlin.coroutines.CoroutineContext

/**
 * The dispatcher of a test in virtual time, which counts the steps that coroutines take on it: each stretch from one
 * suspension to the next is one step, timers included.
 *
 * @param beforeStep told of the number of each step before it is taken: nothing else runs meanwhile.
 */
@OptIn(InternalCoroutinesApi::class)
internal class CountingDispatcher(private val test: TestDispatcher, private val beforeStep: (Int) -> Unit) :
    CoroutineDispatcher(),
    Delay by (test as Delay) {
    private var steps = 0

    override fun dispatch(context: CoroutineContext, block: Runnable) = test.dispatch(context) {
        beforeStep(++steps)
        block.run()
    }
}
