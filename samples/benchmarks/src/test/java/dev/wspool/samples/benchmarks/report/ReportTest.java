package dev.wspool.samples.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportTest {
    @TempDir
    private Path docs;

    private String page(String places) throws Exception {
        var page = docs.resolve("benchmarks.md");
        Files.writeString(page, places);
        assertEquals("", report());
        return Files.readString(page);
    }

    /** What it writes to stderr. */
    private String report() {
        var err = new StringWriter();
        int status = new CommandLine(new Report())
                .setErr(new PrintWriter(err, true))
                .execute(Fixture.RESULTS.toString(), "--docs", docs.toString());
        assertEquals(0, status, err::toString);
        return err.toString();
    }

    @Test
    void pageShowsItsChartAndItsMachine() throws Exception {
        var page = page("<!-- chart uncontended -->\n<!-- end -->\n<!-- table machine -->\n<!-- end -->\n");
        assertTrue(page.contains("![Borrow and return, one caller](benchmarks/uncontended.svg)\n"), page);
        assertTrue(page.contains("JDK 25.0.3, A VM 25.0.3+9"), page);
        assertFalse(Files.exists(docs.resolve("benchmarks/contended.svg")));
    }

    @Test
    void placeWithoutResultsIsNamed() throws Exception {
        Files.writeString(docs.resolve("benchmarks.md"), "<!-- table ping -->\n<!-- end -->\n");
        assertEquals("No results for table ping: it stays as it is", report().strip());
    }

    @Test
    void chartIsTextAndTheSameEachTime() throws Exception {
        page("");
        var file = docs.resolve("benchmarks/uncontended.svg");
        var svg = Files.readString(file);
        assertEquals(Set.of("wspool", "commons-pool2", "HikariCP ConcurrentBag", "20.0", "400", "5.00"), labels(file));
        report();
        assertEquals(svg, Files.readString(file));
    }

    /** Without the title, the unit and the numbers of the axis. */
    private static Set<String> labels(Path svg) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        var texts = document.getElementsByTagName("text");
        var labels = new HashSet<String>();
        for (int i = 2; i < texts.getLength(); i++) labels.add(texts.item(i).getTextContent());
        labels.removeAll(Set.of("10", "100"));
        return labels;
    }
}
