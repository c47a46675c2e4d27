package dev.wspool.java;

import dev.wspool.ConnectionId;
import dev.wspool.IdHandshake;
import dev.wspool.NewConnection;
import dev.wspool.internal.java.AcceptedPools;

/** A connection as {@link JavaPoolBuilder#onConnect} gets it. */
public final class JavaNewConnection extends JavaLease {
    private final NewConnection connection;

    JavaNewConnection(NewConnection connection) {
        super(connection);
        this.connection = connection;
    }

    /**
     * Gives the connection the name that the server has for it; a {@link JavaBorrowRequest#id} finds it by that.
     *
     * @param id unique in the pool.
     * @throws dev.wspool.LeaseReleasedException after {@code onConnect} has ended.
     */
    public void identify(ConnectionId id) {
        connection.identify(id);
    }

    /**
     * The server's part of an {@link IdHandshake}: names the connection, and then tells the client.
     *
     * @param ids its form.
     * @throws dev.wspool.ConnectionLostException where the connection has ended.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void announceId(IdHandshake ids) throws InterruptedException {
        AcceptedPools.announce(ids, connection).await();
    }

    /**
     * The client's part of an {@link IdHandshake}: reads the first message, and calls the connection so.
     *
     * @param ids its form.
     * @throws IllegalStateException where the first message is no such id.
     * @throws dev.wspool.ConnectionLostException where the connection has ended.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void readId(IdHandshake ids) throws InterruptedException {
        AcceptedPools.read(ids, connection).await();
    }
}
