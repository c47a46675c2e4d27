package dev.wspool.samples.benchmarks.pools;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/**
 * commons-pool2's GenericObjectPool. As it comes, but for what would only cost it time here: no JMX, and none of the detailed
 * statistics. Neither tests nor evicts.
 */
final class CommonsPool extends BlockingLender<Object> {
    private static final Duration WITHIN = Duration.ofSeconds(DEADLINE);

    private final GenericObjectPool<Object> pool;

    CommonsPool(int connections, boolean fair) throws Exception {
        pool = filled(connections, fair);
    }

    CommonsPool(int connections, boolean fair, ExecutorService callers) throws Exception {
        super(callers);
        pool = filled(connections, fair);
    }

    private static GenericObjectPool<Object> filled(int connections, boolean fair) throws Exception {
        GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
        config.setMaxTotal(connections);
        config.setMaxIdle(connections);
        config.setFairness(fair);
        config.setJmxEnabled(false);
        config.setCollectDetailedStatistics(false);
        GenericObjectPool<Object> pool = new GenericObjectPool<>(new Factory(), config);
        pool.addObjects(connections);
        return pool;
    }

    @Override
    Object borrow() throws Exception {
        return pool.borrowObject();
    }

    @Override
    Object borrowWithin(int seconds) throws Exception {
        return pool.borrowObject(WITHIN);
    }

    @Override
    void giveBack(Object connection) {
        pool.returnObject(connection);
    }

    @Override
    public void close() throws Exception {
        super.close();
        pool.close();
    }

    private static final class Factory extends BasePooledObjectFactory<Object> {
        @Override
        public Object create() {
            return new Object();
        }

        @Override
        public PooledObject<Object> wrap(Object connection) {
            return new DefaultPooledObject<>(connection);
        }
    }
}
