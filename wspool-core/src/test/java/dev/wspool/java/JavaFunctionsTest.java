package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.wspool.Lease;
import dev.wspool.NewConnection;
import dev.wspool.WebSocketPool;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Kotlin can do with a pool and a lease, Java can do. */
class JavaFunctionsTest {
    @Test
    void everyFunctionOfALeaseIsJavas() {
        Set<String> kotlins = functions(Lease.class);
        kotlins.remove("getMessages"); // forEachMessage, and JavaPublishers.messages
        kotlins.removeAll(functions(JavaLease.class));
        assertEquals(Set.of(), kotlins);
        Set<String> more = functions(NewConnection.class);
        more.remove("getMessages");
        more.removeAll(functions(JavaNewConnection.class));
        assertEquals(Set.of(), more);
    }

    @Test
    void everyFunctionOfAPoolIsJavas() {
        Set<String> kotlins = functions(WebSocketPool.class);
        kotlins.remove("getEvents"); // onEvent, and JavaPublishers.events
        kotlins.removeAll(Set.of("report", "health")); // getReport, getHealth
        kotlins.removeAll(functions(JavaWebSocketPool.class));
        assertEquals(Set.of(), kotlins);
    }

    @Test
    void whatSuspendsHasAFuture() {
        Set<String> javas = functions(JavaLease.class);
        javas.addAll(functions(JavaWebSocketPool.class));
        for (Class<?> type : new Class<?>[] {Lease.class, WebSocketPool.class}) {
            Set<String> missing = Arrays.stream(type.getMethods())
                    .filter(method -> Arrays.stream(method.getParameterTypes())
                            .anyMatch(parameter -> parameter.getName().equals("kotlin.coroutines.Continuation")))
                    .map(method -> nameOf(method) + "Async")
                    .filter(name -> !javas.contains(name))
                    .collect(Collectors.toSet());
            assertEquals(Set.of(), missing);
        }
    }

    private static Set<String> functions(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !method.isSynthetic() && method.getDeclaringClass() != Object.class)
                .map(JavaFunctionsTest::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String nameOf(Method method) {
        return method.getName().replaceFirst("-.*", "");
    }
}
