package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.wspool.Discovery;
import dev.wspool.Endpoint;
import dev.wspool.ExpectedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Endpoints as Java tells them, and looks them up. */
@Timeout(60)
class JavaDiscoveryTest {
    private static final Duration SOON = Duration.ofMillis(1);

    @RegisterExtension
    final ExpectedLog log = new ExpectedLog();

    private final Endpoint named = new Endpoint("ws://prices.example.com/");
    private final Endpoint other = new Endpoint("ws://other.example.com/");

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void anEndpointIsPutAtAnAddress() throws IOException {
        assertNull(named.getIpAddress());
        assertEquals(address(7), named.at(address(7)).getIpAddress());
        assertNotEquals(named, named.at(address(7)));
    }

    @Test
    void whatIsToldIsKnown() {
        JavaDiscovery registry = new JavaDiscovery(Set.of(named));
        assertSame(registry.discovery(), registry.discovery());
        assertEquals(Set.of(named), Fixture.endpoints(registry.discovery(), null));
        registry.tell(List.of(named, other));
        assertEquals(Set.of(named, other), Fixture.endpoints(registry.discovery(), null));
        registry.tell(List.of());
        assertEquals(Set.of(), Fixture.endpoints(registry.discovery(), null));
        assertThrows(NullPointerException.class, () -> registry.tell(Arrays.asList(named, null)));
        assertEquals(Set.of(named), Fixture.endpoints(JavaDiscovery.fixed(named), null));
        assertThrows(NullPointerException.class, () -> JavaDiscovery.fixed(named, null));
        assertThrows(IllegalArgumentException.class, () -> JavaDiscovery.fixed());
    }

    @Test
    void aResolverMayBlockAndFail() throws IOException {
        log.expect("its last addresses stay: java.io.IOException: the network is down");
        AtomicInteger asked = new AtomicInteger();
        Discovery dns = JavaDiscovery.dns(named, SOON, SOON, host -> {
            assertEquals("prices.example.com", host);
            int number = asked.incrementAndGet();
            if (number == 2) throw new IOException("the network is down");
            return List.of(address(number), address(9));
        });
        Set<Endpoint> first = Set.of(named.at(address(1)), named.at(address(9)));
        assertEquals(Set.of(named.at(address(3)), named.at(address(9))), Fixture.endpoints(dns, first));
    }

    @Test
    void theSystemsResolverNeedsNothing() throws IOException {
        Endpoint local = new Endpoint("ws://localhost:8080/");
        Set<Endpoint> all = Arrays.stream(InetAddress.getAllByName("localhost"))
                .map(local::at)
                .collect(Collectors.toSet());
        assertEquals(all, Fixture.endpoints(JavaDiscovery.dns(local), null));
        assertEquals(all, Fixture.endpoints(JavaDiscovery.dns(local, Duration.ofSeconds(5), SOON), null));
        assertThrows(IllegalArgumentException.class, () -> JavaDiscovery.dns(local, SOON, Duration.ZERO));
    }
}
