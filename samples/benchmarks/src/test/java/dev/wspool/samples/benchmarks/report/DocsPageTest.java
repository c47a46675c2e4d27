package dev.wspool.samples.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocsPageTest {
    private static final String PAGE = """
            Before.

            <!-- table known -->
            | old |
            <!-- end -->

            Between.
            <!-- chart unknown -->
            ![kept](kept.svg)
            <!-- end -->
            After.
            """;

    private static Optional<String> known(String place) {
        return place.equals("table known") ? Optional.of("| new, of $1 |\n") : Optional.empty();
    }

    @Test
    void proseStaysAndSoDoesAPlaceWithoutResults() {
        var page = new DocsPage(PAGE);
        var filled = page.filled(DocsPageTest::known);
        assertEquals(PAGE.replace("| old |", "| new, of $1 |"), filled);
        assertEquals(List.of("chart unknown"), page.missing());
        assertEquals(filled, new DocsPage(filled).filled(DocsPageTest::known));
    }

    @Test
    void placeWithoutEndIsRefused() {
        var page = new DocsPage("<!-- table known -->\nProse.\n<!-- table other -->\n<!-- end -->\n");
        assertThrows(IllegalArgumentException.class, () -> page.filled(DocsPageTest::known));
    }
}
