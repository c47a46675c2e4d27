package dev.wspool.samples.benchmarks.report;

import java.util.List;

/** A name and its values, each of them a bar, one below the other. */
record Bar(String name, boolean ours, List<Double> values) {}
