package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.CloseAction;
import dev.wspool.Compression;
import dev.wspool.Correlator;
import dev.wspool.FullReceiveBuffer;
import dev.wspool.HookSettings;
import dev.wspool.Message;
import dev.wspool.PoolConfig;
import dev.wspool.TransportConfig;
import dev.wspool.TransportSettings;
import dev.wspool.UnreadMessages;
import dev.wspool.UnsolicitedMessages;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What Kotlin can set, Java can set. */
class JavaConfigTest {
    /** Kotlin's word for where coroutines run, and Java's. */
    private static final Map<String, String> OTHERWISE = Map.of("dispatcher", "executor");

    /** Java reads no scope, clock or random back: it could do nothing with them. */
    private static final Set<String> NOT_READ = Set.of("parent", "timeSource", "random");

    @Test
    void everySettingOfKotlinsIsJavas() {
        Map<String, Integer> kotlins = settings(PoolConfig.Builder.class, HookSettings.class, TransportSettings.class);
        assertTrue(kotlins.size() > 40, "found only " + kotlins);
        assertEquals(kotlins, functions(JavaPoolBuilder.class));
        Map<String, Integer> transport = settings(TransportSettings.class);
        assertEquals(transport, functions(JavaTransportBuilder.class));
    }

    @Test
    void everySettingThatKotlinReadsJavaReads() {
        Set<String> kotlins = new TreeSet<>(getters(PoolConfig.class));
        kotlins.removeAll(NOT_READ);
        Set<String> javas = new TreeSet<>(getters(JavaPoolConfig.class));
        javas.addAll(getters(JavaPoolSizes.class));
        assertEquals(kotlins, javas);
    }

    /** Each setting, and with how many arguments it can be made. A setter's is one. */
    private static Map<String, Integer> settings(Class<?>... types) {
        Map<String, Integer> found = new TreeMap<>();
        for (Class<?> type : types) {
            for (Method method : type.getDeclaredMethods()) {
                String name = kotlinName(method);
                if (name == null || name.startsWith("get") || name.equals("build") || name.equals("isGiven")) continue;
                if (name.startsWith("set")) name = lower(name);
                found.merge(OTHERWISE.getOrDefault(name, name), 1 << method.getParameterCount(), (a, b) -> a | b);
            }
        }
        return found;
    }

    private static Map<String, Integer> functions(Class<?> builder) {
        Map<String, Integer> found = new TreeMap<>();
        for (Method method : builder.getMethods()) {
            if (method.getDeclaringClass() == Object.class || method.getName().equals("build") || method.isSynthetic())
                continue;
            assertTrue(method.getReturnType().isAssignableFrom(builder), method + " returns the builder");
            found.merge(method.getName(), 1 << method.getParameterCount(), (a, b) -> a | b);
        }
        return found;
    }

    private static Set<String> getters(Class<?> config) {
        Set<String> found = new TreeSet<>();
        for (Method method : config.getDeclaredMethods()) {
            String name = kotlinName(method);
            if (name != null && name.startsWith("get")) found.add(OTHERWISE.getOrDefault(lower(name), lower(name)));
        }
        return found;
    }

    /** Without what the compiler adds for spans; null for what is not public in Kotlin. */
    private static String kotlinName(Method method) {
        if (!Modifier.isPublic(method.getModifiers())
                || method.isSynthetic()
                || method.getName().contains("$")) return null;
        return method.getName().replaceFirst("-.*", "");
    }

    private static String lower(String accessor) {
        return Character.toLowerCase(accessor.charAt(3)) + accessor.substring(4);
    }

    @Test
    void whatBelongsToSharedConnectionsIsRead() {
        Correlator correlator = new Correlator() {
            @Override
            public Object requestId(Message request) {
                return "id";
            }

            @Override
            public Correlator.Reply replyTo(Message message) {
                return new Correlator.Reply("id");
            }
        };
        JavaWebSocketPool pool =
                Fixture.pool(Fixture.silent(), c -> c.leasesPerConnection(5).correlator(correlator));
        assertEquals(5, pool.getConfig().getLeasesPerConnection());
        assertEquals(correlator, pool.getConfig().getCorrelator());
    }

    @Test
    void whatIsSetIsRead() {
        Executor executor = Executors.newSingleThreadExecutor();
        Random random = new Random(7);
        JavaWebSocketPool pool = Fixture.pool(
                Fixture.silent(),
                c -> c.name("prices")
                        .network(null)
                        .maxConnections(7)
                        .minIdle(0)
                        .maxIdle(6)
                        .maxWaiting(5)
                        .maxConcurrentConnects(3)
                        .maxConnectsPerSecond(2.5)
                        .backoff(JavaPolicies.backoff(Duration.ofMillis(3), Duration.ofSeconds(4)))
                        .lifetimeJitter(0.25)
                        .maxUses(9)
                        .receiveBuffer(8)
                        .fullReceiveBuffer(FullReceiveBuffer.FailLease)
                        .unreadMessages(UnreadMessages.Drop.INSTANCE)
                        .unsolicitedMessages(UnsolicitedMessages.Keep.INSTANCE)
                        .executor(executor)
                        .timeSource(System::nanoTime)
                        .random(random)
                        .borrowTimeout(Duration.ofSeconds(1))
                        .connectTimeout(Duration.ofSeconds(2))
                        .maxIdleTime(Duration.ofSeconds(30))
                        .maxLifetime(Duration.ofSeconds(400))
                        .minRemainingLifetime(Duration.ofSeconds(5))
                        .pingInterval(Duration.ofSeconds(6))
                        .pongTimeout(Duration.ofSeconds(7))
                        .validateAfterIdle(Duration.ofMillis(800))
                        .validateTimeout(Duration.ofSeconds(9))
                        .sendTimeout(JavaTimes.FOREVER)
                        .closeTimeout(Duration.ofSeconds(11))
                        .abortTimeout(Duration.ofSeconds(12)));
        JavaPoolConfig config = pool.getConfig();
        assertEquals("prices", config.getName());
        assertEquals("prices", pool.getName());
        assertNull(config.getAdaptiveCapacity());
        assertNull(config.getNetwork());
        assertEquals(7, config.getMaxConnections());
        assertEquals(0, config.getMinIdle());
        assertEquals(6, config.getMaxIdle());
        assertEquals(5, config.getMaxWaiting());
        assertEquals(3, config.getMaxConcurrentConnects());
        assertEquals(2.5, config.getMaxConnectsPerSecond());
        assertEquals(Duration.ofMillis(3), JavaTimes.initial(config.getBackoff()));
        assertEquals(Duration.ofSeconds(4), JavaTimes.max(config.getBackoff()));
        assertEquals(0.25, config.getLifetimeJitter());
        assertEquals(9, config.getMaxUses());
        assertEquals(8, config.getReceiveBuffer());
        assertSame(FullReceiveBuffer.FailLease, config.getFullReceiveBuffer());
        assertSame(UnreadMessages.Drop.INSTANCE, config.getUnreadMessages());
        assertSame(UnsolicitedMessages.Keep.INSTANCE, config.getUnsolicitedMessages());
        assertSame(executor, config.getExecutor());
        assertEquals(Duration.ofSeconds(1), config.getBorrowTimeout());
        assertEquals(Duration.ofSeconds(2), config.getConnectTimeout());
        assertEquals(Duration.ofSeconds(30), config.getMaxIdleTime());
        assertEquals(Duration.ofSeconds(400), config.getMaxLifetime());
        assertEquals(Duration.ofSeconds(5), config.getMinRemainingLifetime());
        assertEquals(Duration.ofSeconds(6), config.getPingInterval());
        assertEquals(Duration.ofSeconds(7), config.getPongTimeout());
        assertEquals(Duration.ofMillis(800), config.getValidateAfterIdle());
        assertEquals(Duration.ofSeconds(9), config.getValidateTimeout());
        assertEquals(JavaTimes.FOREVER, config.getSendTimeout());
        assertEquals(Duration.ofSeconds(11), config.getCloseTimeout());
        assertEquals(Duration.ofSeconds(12), config.getAbortTimeout());
        assertEquals(1 << 20, config.getTransport().getMaxMessageSize());
        pool.close();
    }

    @Test
    void whatMakesNoSenseIsRefusedByItsName() {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> Fixture.pool(Fixture.silent(), c -> c.borrowTimeout(Duration.ofDays(-400_000))));
        assertTrue(failure.getMessage().startsWith("borrowTimeout must not be negative"), failure.getMessage());
    }

    @Test
    void aConnectorIsToldAsAPoolIs() {
        TransportConfig config = new JavaTransportBuilder()
                .maxMessageSize(10)
                .maxBytesInFlight(2_000)
                .compression(new Compression(5))
                .proxy("http://proxy:3128")
                .tls(t -> t.protocols("TLSv1.3"))
                .build();
        assertEquals(10, config.getMaxMessageSize());
        assertEquals(2_000, config.getMaxBytesInFlight());
        assertEquals(new Compression(5), config.getCompression());
        assertEquals("http://proxy:3128", config.getProxy());
        assertEquals(Arrays.asList("TLSv1.3"), config.getTls().getProtocols());
    }

    @Test
    void spansOfPoliciesAreRead() throws InterruptedException {
        var capacity = JavaPolicies.adaptiveCapacity(1, 4, Duration.ofMillis(5), Duration.ofSeconds(6));
        assertEquals(Duration.ofMillis(5), JavaTimes.minInterval(capacity));
        assertEquals(Duration.ofSeconds(6), JavaTimes.maxInterval(capacity));
        var wait = (CloseAction.Wait) JavaPolicies.wait(Duration.ofSeconds(1), Duration.ofSeconds(2), true, false);
        assertEquals(Duration.ofSeconds(1), JavaTimes.from(wait));
        assertEquals(Duration.ofSeconds(2), JavaTimes.to(wait));
        var drain = (UnreadMessages.Drain) JavaPolicies.drain(3, Duration.ofSeconds(4), message -> true);
        assertEquals(Duration.ofSeconds(4), JavaTimes.maxTime(drain));

        JavaWebSocketPool pool =
                Fixture.pool(Fixture.silent(), c -> c.adaptiveCapacity(capacity).pingInterval(Duration.ofMillis(1)));
        pool.borrow().release();
        while (pool.getStats().getRoundTrips().getTotal() == 0) Thread.yield();
        var trips = pool.getStats().getRoundTrips();
        assertTrue(JavaTimes.last(trips).toNanos() > 0);
        assertTrue(JavaTimes.smoothed(trips).toNanos() > 0);
        assertTrue(JavaTimes.quantile(trips, 1).toNanos() > 0);
        pool.close();
    }
}
