package dev.wspool.samples.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTest {
    @Test
    void goalsAreMetMissedOrNotMeasured() throws Exception {
        var goals =
                Fixture.table(Fixture.results(Fixture.RESULTS), "goals").lines().toList();
        for (var row : List.of(
                "| uncontended, a cycle | ≤ 30 ns | 20.0 ns | met |",
                "| uncontended, a cycle | ≤ 24 B | 24 B | met |",
                "| uncontended, a cycle | ≤ 0.1 × commons-pool2 | 0.0500 × commons-pool2 | met |",
                "| uncontended, a cycle | ≤ 3 × HikariCP ConcurrentBag | 4.00 × HikariCP ConcurrentBag | **missed** by 33 % |",
                "| uncontended, what a deadline adds | ≤ 5 ns | 2.50 ns | met |",
                "| pooled, ws | ≥ 20 × a new connection each | 15.0 × a new connection each | **missed** by 25 % |",
                "| pooled, wss | ≥ 40 × a new connection each | – | not measured |")) {
            assertTrue(goals.contains(row), row);
        }
    }

    @Test
    void limitItselfIsWithinThoughNotAheadOfAll() {
        assertTrue(Goal.atMost(5, "ns", "", 5).isMet());
        assertTrue(Goal.atLeast(5, "ns", "", 5).isMet());
        assertFalse(Goal.aheadOfAll("Stormpot", "", 1).isMet());
    }

    @Test
    void bytesAreWhole() {
        assertTrue(Goal.atMostBytes(24, "", 24.4).isMet());
        assertFalse(Goal.atMostBytes(24, "", 24.6).isMet());
        assertEquals("**missed** by 16 B", Goal.atMostBytes(0, "", 16.1).verdict());
    }
}
