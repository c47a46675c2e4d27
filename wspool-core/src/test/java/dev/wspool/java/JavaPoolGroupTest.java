package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.Balancer;
import dev.wspool.Endpoint;
import dev.wspool.GroupConfig;
import dev.wspool.PoolClosedException;
import dev.wspool.PoolHealth;
import dev.wspool.test.FakeConnector;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Groups from Java. */
class JavaPoolGroupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakeConnector connector = Fixture.echoing();

    private static String ask(JavaLender lender, String text) throws Exception {
        return lender.withConnection(PATIENCE, lease -> {
            lease.send(text);
            return lease.receiveText(PATIENCE);
        });
    }

    @Test
    void aGroupLendsConnectionsOfAllItsEndpoints() throws Exception {
        var endpoints = JavaDiscovery.fixed(new Endpoint("ws://a"), new Endpoint("ws://b"));
        try (var group = JavaPoolGroup.of(
                connector,
                endpoints,
                c -> c.balancer(Balancer.RoundRobin.INSTANCE)
                        .name("fleet")
                        .ejection(JavaPolicies.ejection(3, PATIENCE, PATIENCE, PATIENCE))
                        .pools(p -> p.maxConnections(2))
                        .each((p, endpoint) -> p.minIdle(endpoint.getHost().equals("a") ? 1 : 0)))) {
            for (int i = 0; i < 10; i++) assertEquals("hello " + i, ask(group, "hello " + i));
            assertEquals(10, group.getStats().getBorrows());
            assertEquals(2, group.reports().size());
            assertEquals(PoolHealth.Status.Up, group.health().getStatus());
            assertEquals("PoolGroup(fleet)", group.toString());
            CompletableFuture<String> later = group.withConnectionAsync(
                    PATIENCE,
                    lease -> CompletableFuture.completedFuture(lease.getId().toString()));
            assertFalse(later.get(30, TimeUnit.SECONDS).isEmpty());
            var ended = new CountDownLatch(1);
            group.onEvent(event -> {
                if (event.toString().equals("fleet: ended")) ended.countDown();
            });
            group.drain(PATIENCE);
            assertTrue(ended.await(30, TimeUnit.SECONDS));
            assertThrows(PoolClosedException.class, group::borrow);
        }
    }

    @Test
    void aGroupIsWarmedUpPausedAndChanged() throws Exception {
        var endpoints = JavaDiscovery.fixed(new Endpoint("ws://a"), new Endpoint("ws://b"));
        try (var group = JavaPoolGroup.of(connector, endpoints, c -> c.pools(p -> p.minIdle(1)))) {
            group.awaitReady();
            assertTrue(group.isReady());
            assertEquals(4, group.warmUp(2).getReady());
            assertEquals(6, group.warmUpAsync(3).get(30, TimeUnit.SECONDS).getReady());
            group.pause();
            assertFalse(group.isReady());
            group.resume();
            group.awaitReadyAsync().get(30, TimeUnit.SECONDS);
            group.reconfigure(c -> c.maxConnections(7).pools(p -> p.maxConnections(5)));
            assertEquals(7, group.getStats().getMaxConnections());
            group.reset();
            group.rotateCredentials();
            group.evictIdle();
            assertEquals("hello", ask(group, "hello"));
        }
    }

    @Test
    void eachKeyHasItsOwnConnections() throws Exception {
        try (var group = JavaKeyedPoolGroup.of(
                connector,
                (String key) -> new Endpoint("ws://" + key),
                c -> c.maxPools(5).maxEmptyTime(PATIENCE).borrowTimeout(PATIENCE))) {
            assertEquals("hello", ask(group.at("a"), "hello"));
            assertEquals("hello", ask(group.at("b"), "hello"));
            assertEquals(Set.of("a", "b"), group.getKeys());
            try (JavaLease lease = group.at("a").tryBorrow()) {
                assertNotNull(lease);
                assertNull(group.at("a").tryBorrow());
            }
            assertNull(group.at("c").tryBorrow());
            assertEquals(group.unwrap(), JavaKeyedPoolGroup.wrap(group.unwrap()).unwrap());
        }
    }

    @Test
    void eachSettingOfKotlinsIsToBeHad() {
        Set<String> kotlins = Arrays.stream(GroupConfig.Builder.class.getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("set") || name.equals("pools") || name.equals("each"))
                .map(name -> name.replaceFirst("[-$].*", ""))
                .map(name -> name.startsWith("set") ? name.substring(3, 4).toLowerCase() + name.substring(4) : name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> javas = Arrays.stream(JavaGroupBuilder.class.getDeclaredMethods())
                .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(kotlins, javas);
    }
}
