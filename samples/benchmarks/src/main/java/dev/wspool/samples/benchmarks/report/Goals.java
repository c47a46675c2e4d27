package dev.wspool.samples.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was aimed at, each beside what was measured. */
final class Goals {
    private Goals() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("goals", Goals::table);
    }

    static List<Goal> of(Results results) {
        var goals = new ArrayList<Goal>();
        new PoolGoals(results).addTo(goals);
        new EchoGoals(results).addTo(goals);
        new ScaleGoals(results).addTo(goals);
        new EngineGoals(results).addTo(goals);
        return goals;
    }

    private static Optional<String> table(Results results) {
        var goals = of(results);
        if (goals.stream().noneMatch(Goal::isMeasured)) return Optional.empty();
        return Optional.of(new MarkdownTable<Goal>("what", Goal::what)
                .text("goal", Goal::aim)
                .text("measured", Goal::finding)
                .text("verdict", Goal::verdict)
                .of(goals));
    }
}
