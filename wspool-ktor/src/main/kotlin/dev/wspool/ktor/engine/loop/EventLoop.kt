package dev.wspool.ktor.engine.loop

import org.slf4j.LoggerFactory
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.SelectionKey
import java.nio.channels.Selector
import java.nio.channels.SocketChannel
import java.util.ArrayDeque
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/**
 * A thread that waits for sockets, reads them and hands on what it has read. It starts with the first task and ends [LINGER]
 * after the last channel is closed. Nobody else's code runs on it but that of callers without a dispatcher, or on
 * `Dispatchers.Unconfined`.
 */
internal class EventLoop(private val name: String, private val openSelector: () -> Selector = Selector::open) {
    private val state = AtomicInteger(STOPPED)
    private val tasks = ConcurrentLinkedQueue<Runnable>()
    private val unflushed = FlushList()

    /** The loop's alone, as all below. */
    private val timers = Timers()
    private val polling = Polling()
    private val closed = ArrayDeque<Watched>()
    private var thread: Thread? = null

    @Volatile
    private var selector: Selector? = null

    /** What every socket is read into, one after the other. */
    lateinit var input: ByteBuffer
        private set

    /**
     * True while the loop is at work and looks at what is to be flushed before it sleeps. Whoever writes meanwhile can leave
     * the flushing to it, so that many small messages go out with one system call. Not while it polls: one message is all there is.
     */
    val isAwake: Boolean get() = state.get() == AWAKE

    /** Runs [task] on the loop's thread, soon. */
    fun execute(task: Runnable) {
        tasks.add(task)
        if (state.compareAndSet(ASLEEP, AWAKE)) {
            selector!!.wakeup()
        } else if (state.compareAndSet(STOPPED, AWAKE)) {
            start()
        }
    }

    /** @throws OutOfMemoryError where there can be no more threads. Then the next one to come tries again. */
    private fun start() {
        var isStarted = false
        try {
            Thread(::run, name).apply { isDaemon = true }.start()
            isStarted = true
        } finally {
            if (!isStarted) state.set(STOPPED)
        }
    }

    /** Has [watched] flushed in its present turn, or in the next, for which it is woken. */
    fun flushLater(watched: FlushList.Entry) {
        unflushed.add(watched)
        if (state.compareAndSet(ASLEEP, AWAKE)) selector!!.wakeup()
    }

    // ---- on the loop's thread -----------------------------------------------------------------------------------------

    /** Runs [task] in [nanos] nanoseconds, the same for all tasks of a loop. */
    fun later(nanos: Long, task: Runnable): Unit = timers.add(System.nanoTime() + nanos, task)

    fun register(channel: SocketChannel, operations: Int, watched: Watched): SelectionKey =
        channel.register(selector ?: throw IOException("$name has no selector"), operations, watched)

    /** The channel of [watched] was closed: its descriptor is too when the selector has let go of it, and then it is told. */
    fun released(watched: Watched) {
        closed += watched
    }

    private fun run() {
        var own: Selector? = null
        try {
            own = openSelector()
            begin(own)
            do {
                val wasBusy = turn(own)
            } while (wasBusy || !own.keys().isEmpty() || !stops())
        } catch (broken: Throwable) {
            log.error("{} has failed, and all its connections with it: {}", name, broken.toString())
            fail(own, broken)
        } finally {
            own?.close()
        }
    }

    /** As where the process has no descriptor left. All that wait for something of it are told; who comes from now on starts another thread. */
    private fun fail(own: Selector?, broken: Throwable) {
        selector = null
        try {
            own?.keys()?.forEach { (it.attachment() as Watched).onFailure(broken) }
            own?.close() // lets go of the keys
            timers.clear()
            while (true) attempt(tasks.poll() ?: break)
            tellReleased()
        } finally {
            state.set(STOPPED)
            if (!tasks.isEmpty() && state.compareAndSet(STOPPED, AWAKE)) start()
        }
    }

    private fun begin(own: Selector) {
        selector = own
        thread = Thread.currentThread()
        input = ByteBuffer.allocateDirect(INPUT)
    }

    /** Sleeps until there is something to do, and does it. False where there was nothing. */
    private fun turn(selector: Selector): Boolean {
        val otherwise = if (selector.keys().isEmpty()) LINGER else FOR_EVER
        val since = System.nanoTime()
        val polls = polling.isWorthwhile
        if (!polls || !poll(selector, until = since + Polling.LONGEST)) {
            // First the state, then the look at what is there; who adds something looks at them the other way round.
            state.set(ASLEEP)
            if (hasWork) selector.selectNow() else selector.select(timers.untilNext(otherwise))
        }
        state.set(AWAKE)
        polling.onWait(System.nanoTime() - since, polls, selector.selectedKeys(), hasWork)
        val hadWork = hasWork || !selector.selectedKeys().isEmpty()
        for (key in selector.selectedKeys()) {
            val watched = key.attachment() as Watched
            attempt(watched) { if (key.isValid) watched.onReady(key.readyOps()) }
        }
        selector.selectedKeys().clear()
        while (true) attempt(tasks.poll() ?: break)
        timers.runDue(::attempt)
        unflushed.takeAll { attempt(it, it::onFlush) }
        release(selector)
        return hadWork
    }

    /** Who adds something meanwhile need not wake it. False where nothing has come. */
    private fun poll(selector: Selector, until: Long): Boolean {
        state.set(POLLING)
        do {
            // A release may have found the answer already, and then it is not found anew.
            if (selector.selectNow() > 0 || !selector.selectedKeys().isEmpty() || hasWork) return true
            Thread.yield() // the peer may be on this machine, and wait for a processor
        } while (System.nanoTime() - until < 0)
        return false
    }

    private val hasWork: Boolean get() = !tasks.isEmpty() || !unflushed.isEmpty || !closed.isEmpty()

    private fun release(selector: Selector) {
        if (closed.isEmpty()) return
        selector.selectNow() // lets go of the keys that were cancelled, and closes their descriptors
        polling.onReleased()
        tellReleased()
    }

    private fun tellReleased() {
        while (true) {
            val released = closed.poll() ?: break
            attempt(released, released::onReleased)
        }
    }

    /** Nothing has come for a while, and there is nothing to watch. Who comes from now on starts another thread. */
    private fun stops(): Boolean {
        val own = thread
        thread = null
        timers.clear() // they were for channels that are closed
        state.set(STOPPED)
        if (tasks.isEmpty() || !state.compareAndSet(STOPPED, AWAKE)) return true
        thread = own
        return false
    }

    private inline fun attempt(watched: Watched, action: () -> Unit) {
        try {
            action()
        } catch (failure: Throwable) {
            watched.onFailure(failure)
        }
    }

    private fun attempt(task: Runnable) {
        try {
            task.run()
        } catch (failure: Throwable) {
            log.error("A task of {} failed: {}", name, failure.javaClass.name) // its text may hold a secret
        }
    }

    private companion object {
        const val STOPPED = 0
        const val ASLEEP = 1
        const val AWAKE = 2
        const val POLLING = 3
        const val INPUT = 64 * 1024

        const val FOR_EVER = 0L

        /** In milliseconds: those who open one connection after the other should not start a thread for each. */
        const val LINGER = 1_000L

        val log = LoggerFactory.getLogger("dev.wspool.engine")!!
    }
}
