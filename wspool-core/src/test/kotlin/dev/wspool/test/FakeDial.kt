package dev.wspool.test

import dev.wspool.ConnectRefusedException
import dev.wspool.Endpoint
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext

/**
 * One call of [FakeConnector.connect], which suspends until the test answers it or its caller gives up.
 *
 * ```
 * connector.awaitConnect().refuse()
 * val connection = connector.awaitConnect().succeed()
 * ```
 */
class FakeDial internal constructor(
    private val connector: FakeConnector,
    /** Where the pool wants to connect to. */
    val endpoint: Endpoint,
    private val listener: ConnectionListener,
) {
    /** True for a dial that, once cancelled, still waits for its answer and gives it to the cancelled caller. */
    @Volatile var ignoresCancellation: Boolean = false

    private val answer = CompletableDeferred<Result<FakeConnection>>()
    private val cancelled = Job()
    private val lock = Any()
    private var isSettled = false

    /** True once the caller gave up, whether or not the dial [ignoresCancellation]. */
    val isCancelled: Boolean get() = cancelled.isCompleted

    /** True once the dial has succeeded, was refused, or has ended with its cancelled caller. */
    val isAnswered: Boolean get() = synchronized(lock) { isSettled }

    /**
     * The server accepts. The listener may be told of messages before `connect` has returned, as of a real connection.
     *
     * @throws IllegalStateException where the dial has an answer or has been cancelled.
     */
    fun succeed(): FakeConnection = checkNotNull(trySucceed()) { refusal() }

    /** The connect has come to [phase]. */
    fun reaches(phase: ConnectPhase): Unit = listener.onPhase(phase)

    /** The dial fails with [failure]. A [CancellationException] is thrown as well: some engines do that. */
    fun refuse(failure: Throwable = ConnectRefusedException("$endpoint refused the connection")) {
        check(tryRefuse(failure)) { refusal() }
    }

    /** [succeed], or null where the dial has an answer or was cancelled: for races. */
    fun trySucceed(): FakeConnection? {
        if (!settle()) return null
        val connection = FakeConnection(connector, listener, connector.capabilities, connector.handshake)
        connector.settled(connection)
        connector.onConnection(connection)
        answer.complete(Result.success(connection))
        return connection
    }

    /** [refuse], or false where the dial has an answer or was cancelled: for races. */
    fun tryRefuse(failure: Throwable = ConnectRefusedException("$endpoint refused the connection")): Boolean {
        if (!settle()) return false
        connector.settled(null)
        answer.complete(Result.failure(failure))
        return true
    }

    /** Waits until the caller gives up. */
    suspend fun awaitCancelled(): Unit = cancelled.join()

    internal suspend fun answer(behavior: FakeBehavior?): Connection {
        val result = try {
            connector.onDial(this)
            play(behavior)
            answer.await()
        } catch (e: CancellationException) {
            cancelled.complete()
            withContext(NonCancellable) { answerCancelled(behavior) } ?: throw e
        } catch (e: Throwable) {
            tryRefuse(e)
            throw e
        }
        return result.getOrThrow() // outside: what it throws may be a CancellationException that cancels nobody
    }

    /** The answer for a caller who ignores that it was cancelled; null for one who does not, and then no socket is left. */
    private suspend fun answerCancelled(behavior: FakeBehavior?): Result<FakeConnection>? {
        if (ignoresCancellation) {
            if (behavior != null && !isAnswered) play(behavior)
            return answer.await()
        }
        if (settle()) connector.settled(null) else answer.await().getOrNull()?.dies()
        return null
    }

    private suspend fun play(behavior: FakeBehavior?) {
        when (behavior) {
            null -> if (!isAnswered) connector.offer(this)
            is FakeBehavior.Works -> trySucceed()
            is FakeBehavior.Fails -> behavior.failure?.let { tryRefuse(it()) } ?: tryRefuse()
            is FakeBehavior.Slow -> {
                delay(behavior.time)
                trySucceed()
            }
            is FakeBehavior.Never -> {}
        }
    }

    private fun settle(): Boolean = synchronized(lock) { !isSettled.also { isSettled = true } }

    private fun refusal() = if (isCancelled) "The dial was cancelled" else "The dial has its answer already"
}
