package dev.wspool.samples.benchmarks.report;

import static org.apache.batik.util.SVGConstants.SVG_NAMESPACE_URI;

import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A chart as a file for a page: text is text, and it grows with the page's width. */
final class Svg {
    private Svg() {}

    static String of(BarChart chart) {
        var graphics = new SVGGraphics2D(document());
        graphics.setSVGCanvasSize(new Dimension(BarChart.WIDTH, chart.height()));
        chart.draw().draw(graphics, new Rectangle2D.Double(0, 0, BarChart.WIDTH, chart.height()));
        var root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 " + BarChart.WIDTH + " " + chart.height());
        root.setAttribute("role", "img");
        var title = root.getOwnerDocument().createElementNS(SVG_NAMESPACE_URI, "title");
        title.setTextContent(chart.title());
        root.insertBefore(title, root.getFirstChild());
        return text(root);
    }

    private static Document document() {
        try {
            var implementation =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation();
            return implementation.createDocument(SVG_NAMESPACE_URI, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Element root) {
        var text = new StringWriter();
        try {
            var transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            transformer.transform(new DOMSource(root), new StreamResult(text));
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
        return text.append('\n').toString();
    }
}
