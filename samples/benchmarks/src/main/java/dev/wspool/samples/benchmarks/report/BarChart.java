package dev.wspool.samples.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPosition;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.CategoryLabelWidthType;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.text.TextBlockAnchor;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.category.DefaultCategoryDataset;

/** Bars from left to right, in the order in which they are given, their values written at their ends. */
record BarChart(String title, String unit, List<Bar> bars) {
    static final int WIDTH = 760;

    private static final double MOST_FACTOR_ON_LINEAR_AXIS = 50;
    private static final double PART_FOR_VALUES = 0.12; // of the axis, right of the longest bar
    private static final Color GRID = new Color(0xE3E6E8);
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font BOLD = PLAIN.deriveFont(Font.BOLD);

    /** False where there is nothing to draw. */
    boolean hasValues() {
        return values().getCount() > 0;
    }

    int height() {
        int perBar = bars.get(0).values().size() == 1 ? 27 : 40;
        return 92 + perBar * bars.size();
    }

    JFreeChart draw() {
        var data = new DefaultCategoryDataset();
        for (var bar : bars) {
            for (int i = 0; i < bar.values().size(); i++)
                data.addValue(bar.values().get(i), Integer.valueOf(i), bar.name());
        }
        var axis = valueAxis();
        var plot = new CategoryPlot(data, categoryAxis(), axis, new OursAndTheirs(bars, axis.getLowerBound(), PLAIN));
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        var chart = new JFreeChart(title, PLAIN.deriveFont(Font.BOLD, 16f), plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(12, 16, 8, 16));
        leftAligned(chart.getTitle());
        var subtitle = new TextTitle(isLogarithmic() ? unit + "; logarithmic scale" : unit, PLAIN);
        leftAligned(subtitle);
        subtitle.setPaint(Color.DARK_GRAY);
        chart.addSubtitle(0, subtitle);
        return chart;
    }

    private CategoryAxis categoryAxis() {
        var axis = new CategoryAxis();
        axis.setTickLabelFont(PLAIN);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        axis.setLowerMargin(0.01);
        axis.setUpperMargin(0.01);
        axis.setCategoryMargin(0.25);
        axis.setMaximumCategoryLabelWidthRatio(0.5f);
        // To the left, as a viewer's font is not as wide as the one that is measured here.
        var position = new CategoryLabelPosition(
                RectangleAnchor.LEFT, TextBlockAnchor.CENTER_LEFT, CategoryLabelWidthType.RANGE, 0.5f);
        axis.setCategoryLabelPositions(
                CategoryLabelPositions.replaceLeftPosition(CategoryLabelPositions.STANDARD, position));
        for (var bar : bars) if (bar.ours()) axis.setTickLabelFont(bar.name(), BOLD);
        return axis;
    }

    private DoubleSummaryStatistics values() {
        return bars.stream()
                .flatMap(it -> it.values().stream())
                .mapToDouble(Double::doubleValue)
                .filter(it -> it > 0)
                .summaryStatistics();
    }

    /** Where one is more than fifty times another, which else would not be seen. */
    private boolean isLogarithmic() {
        return values().getMax() > MOST_FACTOR_ON_LINEAR_AXIS * values().getMin();
    }

    private ValueAxis valueAxis() {
        var axis = isLogarithmic() ? logAxis() : linearAxis();
        axis.setTickLabelFont(PLAIN.deriveFont(11f));
        axis.setTickLabelPaint(Color.GRAY);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        return axis;
    }

    private ValueAxis linearAxis() {
        var axis = new NumberAxis();
        axis.setRange(0, values().getMax() * (1 + PART_FOR_VALUES));
        axis.setNumberFormatOverride(new TickFormat());
        return axis;
    }

    private ValueAxis logAxis() {
        double least = values().getMin() / 2;
        double most = values().getMax();
        var axis = new LogAxis();
        axis.setRange(least, most * Math.pow(most / least, PART_FOR_VALUES));
        axis.setTickUnit(new NumberTickUnit(1)); // powers of ten
        axis.setNumberFormatOverride(new TickFormat());
        return axis;
    }

    private static void leftAligned(TextTitle title) {
        title.setHorizontalAlignment(HorizontalAlignment.LEFT);
        title.setMargin(0, 6, 4, 0); // above the names
    }
}
