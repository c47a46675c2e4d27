package dev.wspool.java;

/**
 * Code of yours that a pool calls and that returns nothing; see {@link JavaPoolBuilder}. It may block, as it runs on a thread for
 * hooks: a virtual one where there are any. Where it takes longer than it may, that thread is interrupted.
 *
 * @param <A> what it is given.
 */
@FunctionalInterface
public interface JavaListener<A> {
    /**
     * Called by the pool.
     *
     * @param argument what the hook is about.
     * @throws Exception as it likes; the setting says what the pool makes of it.
     */
    void call(A argument) throws Exception;
}
