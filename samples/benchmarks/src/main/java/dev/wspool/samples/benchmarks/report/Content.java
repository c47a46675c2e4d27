package dev.wspool.samples.benchmarks.report;

import java.util.Optional;

/** What the results come to, as Markdown or as a picture; nothing where what it needs was not measured. */
@FunctionalInterface
interface Content<T> {
    Optional<T> of(Results results);
}
