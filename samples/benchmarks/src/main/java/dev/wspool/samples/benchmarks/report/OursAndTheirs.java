package dev.wspool.samples.benchmarks.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Paint;
import java.util.List;
import org.jfree.chart.labels.CategoryItemLabelGenerator;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;

/** Draws our bars in a colour and those of others in grey; the second bar of a name is paler. */
final class OursAndTheirs extends BarRenderer {
    private static final long serialVersionUID = 1;
    private static final List<Color> OURS = List.of(new Color(0x0B7A5B), new Color(0x7CC4AF));
    private static final List<Color> THEIRS = List.of(new Color(0x8C949B), new Color(0xC9CED2));

    @SuppressWarnings("serial") // no chart is ever serialized
    private final List<Bar> bars;

    OursAndTheirs(List<Bar> bars, double base, Font font) {
        this.bars = bars;
        setBase(base);
        setBarPainter(new StandardBarPainter());
        setShadowVisible(false);
        setDrawBarOutline(false);
        setItemMargin(0);
        setItemLabelInsets(new RectangleInsets(4, 4, 4, 4));
        setDefaultItemLabelGenerator(new Values());
        setDefaultItemLabelFont(font.deriveFont(12f));
        setDefaultItemLabelsVisible(true);
        setDefaultPositiveItemLabelPosition(new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
    }

    @Override
    public Paint getItemPaint(int row, int column) {
        return (bars.get(column).ours() ? OURS : THEIRS).get(row);
    }

    /** As in the tables. */
    private static final class Values extends StandardCategoryItemLabelGenerator implements CategoryItemLabelGenerator {
        private static final long serialVersionUID = 1;

        @Override
        public String generateLabel(CategoryDataset data, int row, int column) {
            return Figures.number(data.getValue(row, column).doubleValue());
        }
    }
}
