package dev.wspool.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.wspool.AcceptedPool;
import dev.wspool.AnyPoolGroup;
import dev.wspool.Discovery;
import dev.wspool.KeyedPoolGroup;
import dev.wspool.PoolException;
import dev.wspool.PoolGroup;
import dev.wspool.ReconnectingWebSocket;
import dev.wspool.UnsolicitedMessages;
import dev.wspool.WebSocketPool;
import dev.wspool.transport.Connector;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a Java caller meets: neither Kotlin's types, nor, outside of this package, what old Androids do not have. */
class JavaFaceTest {
    private static final Path CLASSES = Path.of("target/classes");

    /** Handed through, and not to be looked into: Kotlin's pools, an engine, and where endpoints come from. */
    private static final Set<Class<?>> OPAQUE = Set.of(
            WebSocketPool.class,
            AcceptedPool.class,
            ReconnectingWebSocket.class,
            AnyPoolGroup.class,
            PoolGroup.class,
            KeyedPoolGroup.class,
            Connector.class,
            Discovery.class);

    @Test
    void noTypeOfKotlinIsReachable() throws Exception {
        Deque<Class<?>> open = new ArrayDeque<>();
        for (String name : namesIn("dev/wspool/java")) {
            Class<?> type = Class.forName(name);
            if (Modifier.isPublic(type.getModifiers())) open.add(type);
        }
        assertTrue(open.size() > 15, "found only " + open);
        Set<Class<?>> seen = new HashSet<>(open);
        Set<String> found = new TreeSet<>();
        while (!open.isEmpty()) {
            Class<?> type = open.remove();
            for (Step step : stepsFrom(type)) {
                for (Class<?> next : classesIn(step.to)) {
                    String name = next.getName();
                    if (name.startsWith("kotlin") || name.startsWith("dev.wspool.internal")) {
                        found.add(step.from + " -> " + name);
                    } else if (name.startsWith("dev.wspool") && !OPAQUE.contains(next) && seen.add(next)) {
                        open.add(next);
                    }
                }
            }
        }
        assertEquals(Set.of(), found);
        assertTrue(seen.contains(PoolException.class) || seen.size() > 40, "reached only " + seen);
    }

    private static final class Step {
        final String from;
        final Type to;

        Step(String from, Type to) {
            this.from = from;
            this.to = to;
        }
    }

    private static List<Step> stepsFrom(Class<?> type) {
        List<Step> steps = new ArrayList<>();
        if (type.getGenericSuperclass() != null) steps.add(new Step(type.getName(), type.getGenericSuperclass()));
        // Coroutines' own mark on exceptions, without any use for Java.
        if (type != PoolException.class) {
            for (Type parent : type.getGenericInterfaces()) steps.add(new Step(type.getName(), parent));
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            // Kotlin's builders have Java ones beside them; a companion is Kotlin's way to have static members.
            boolean isKotlins = Set.of("Builder", "Companion", "$serializer").contains(nested.getSimpleName());
            if (Modifier.isPublic(nested.getModifiers()) && !isKotlins) steps.add(new Step(type.getName(), nested));
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field) && !field.getName().equals("Companion"))
                steps.add(new Step("" + field, field.getGenericType()));
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            // JavaPolicies.handle is in its place.
            if (isVisible(constructor) && type != UnsolicitedMessages.Handle.class) addSignature(constructor, steps);
        }
        for (Method method : type.getDeclaredMethods()) {
            // The compiler's own, of each enum: a java.util.List to Java.
            if (!isVisible(method) || (type.isEnum() && method.getName().equals("getEntries"))) continue;
            addSignature(method, steps);
            steps.add(new Step("" + method, method.getGenericReturnType()));
        }
        return steps;
    }

    private static void addSignature(Executable executable, List<Step> steps) {
        Stream.of(executable.getGenericParameterTypes(), executable.getGenericExceptionTypes())
                .flatMap(Arrays::stream)
                .forEach(type -> steps.add(new Step("" + executable, type)));
        for (TypeVariable<?> variable : executable.getTypeParameters()) {
            for (Type bound : variable.getBounds()) steps.add(new Step("" + executable, bound));
        }
    }

    /** What a Java source can name: not what has a dash in it, as functions with spans of Kotlin's. */
    private static boolean isVisible(Member member) {
        boolean isOpen = Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
        return isOpen && !member.isSynthetic() && member.getName().chars().noneMatch(c -> c == '-' || c == '$');
    }

    private static Set<Class<?>> classesIn(Type type) {
        if (type instanceof Class<?>) {
            Class<?> raw = (Class<?>) type;
            return Set.of(raw.isArray() ? raw.getComponentType() : raw);
        }
        Stream<Type> parts = Stream.of();
        if (type instanceof ParameterizedType) {
            ParameterizedType generic = (ParameterizedType) type;
            parts = Stream.concat(Stream.of(generic.getRawType()), Arrays.stream(generic.getActualTypeArguments()));
        } else if (type instanceof WildcardType) {
            WildcardType wildcard = (WildcardType) type;
            parts = Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                    .flatMap(Arrays::stream);
        } else if (type instanceof GenericArrayType) {
            parts = Stream.of(((GenericArrayType) type).getGenericComponentType());
        } // a variable's bounds are looked at where it is declared
        return parts.flatMap(part -> classesIn(part).stream()).collect(Collectors.toSet());
    }

    /** The signature check of the build lets pass what this test binds to where it belongs. */
    @Test
    void javaTimeAndFlowAreThisPackagesAlone() throws IOException {
        List<String> found = new ArrayList<>();
        for (String name : namesIn("dev/wspool")) {
            boolean isOurs = name.startsWith("dev.wspool.java.");
            if (!isOurs && refersTo(name, "java/time/")) found.add(name + " uses java.time");
            boolean mayUseFlow = name.startsWith("dev.wspool.java.JavaPublishers")
                    || name.startsWith("dev.wspool.java.FlowSubscription");
            if (!mayUseFlow && refersTo(name, "java/util/concurrent/Flow")) found.add(name + " uses Flow");
        }
        assertEquals(List.of(), found);
        assertTrue(refersTo("dev.wspool.java.JavaTimes", "java/time/"), "the test sees nothing");
        assertTrue(refersTo("dev.wspool.java.JavaPublishers", "java/util/concurrent/Flow"), "the test sees nothing");
    }

    private static boolean refersTo(String name, String type) throws IOException {
        byte[] file = Files.readAllBytes(CLASSES.resolve(name.replace('.', '/') + ".class"));
        return new String(file, StandardCharsets.ISO_8859_1).contains(type);
    }

    private static List<String> namesIn(String directory) throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES.resolve(directory))) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .collect(Collectors.toList());
        }
    }
}
