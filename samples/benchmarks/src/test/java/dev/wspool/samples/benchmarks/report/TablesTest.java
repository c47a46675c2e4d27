package dev.wspool.samples.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TablesTest {
    @Test
    void rivalsAreSortedAndTheirRatioIsTheirsOverOurs() throws Exception {
        assertEquals("""
                | pool | ratio | ns | B | spread | with a deadline: ratio | ns | B | the deadline's ns |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|
                | HikariCP ConcurrentBag | 0.250 | 5.00 | 0 | 0.0 % | – | – | – | – |
                | **wspool** | 1.00 | 20.0 | 24 | 10 % | 1.00 | 22.5 | 24 | 2.50 |
                | commons-pool2 | 20.0 | 400 | 104 | 10 % | – | – | – | – |
                """, Fixture.table(Fixture.results(Fixture.RESULTS), "uncontended"));
    }

    @Test
    void laterFileCounts() throws Exception {
        assertTrue(request(Fixture.results(Fixture.RESULTS)).contains("| ws | 15.0 | 1,500 | 100 |"));
        assertTrue(request(Fixture.results(Fixture.RESULTS, Fixture.LATER)).contains("| ws | 25.0 | 2,500 | 100 |"));
    }

    private static String request(Results results) {
        return Fixture.table(results, "request");
    }

    @Test
    void whatWasNotMeasuredHasNoTable() throws Exception {
        var results = Fixture.results(Fixture.RESULTS);
        for (var name : new String[] {"contended-0", "fairness", "echo-100-ws", "ping", "pools"}) {
            assertEquals(Optional.empty(), Fixture.all().get(name).of(results), name);
        }
    }

    @Test
    void throughputCountsTheOtherWay() {
        var ours = new Result("", Map.of(), 300, List.of(), Map.of(), "");
        var theirs = new Result("", Map.of(), 200, List.of(), Map.of(), "");
        assertEquals(1.5, Metric.THROUGHPUT.ratio(theirs, ours));
        assertEquals(2.0 / 3, Metric.TIME.ratio(theirs, ours));
    }
}
