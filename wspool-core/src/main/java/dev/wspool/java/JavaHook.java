package dev.wspool.java;

/**
 * Code of yours that a pool calls and that returns something; see {@link JavaPoolBuilder}. It may block, as it runs on a thread
 * for hooks: a virtual one where there are any. Where it takes longer than it may, that thread is interrupted.
 *
 * @param <A> what it is given.
 * @param <R> what it returns.
 */
@FunctionalInterface
public interface JavaHook<A, R> {
    /**
     * Called by the pool.
     *
     * @param argument what the hook is about.
     * @return what the pool asks for.
     * @throws Exception as it likes; the setting says what the pool makes of it.
     */
    R call(A argument) throws Exception;
}
