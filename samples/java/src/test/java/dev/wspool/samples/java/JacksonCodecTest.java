package dev.wspool.samples.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.wspool.Message;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JacksonCodecTest {
    private final JacksonCodec<Line> lines = new JacksonCodec<>(Line.class);

    @Test
    void valuesAreJsonTexts() throws IOException {
        Message message = lines.encode(new Line(7, "a \"b\""));
        assertEquals(new Message.Text("{\"number\":7,\"text\":\"a \\\"b\\\"\"}"), message);
        assertEquals(new Line(7, "a \"b\""), lines.decode(message));
        assertEquals("Line", lines.typeName());
    }

    @Test
    void whatIsNotKnownIsPassedOver() throws IOException {
        assertEquals(new Line(7, "a"), lines.decode(new Message.Text("{\"number\":7,\"text\":\"a\",\"new\":[]}")));
    }

    @Test
    void whatIsNoneIsRefused() {
        assertThrows(IOException.class, () -> lines.decode(new Message.Text("nonsense")));
        IOException kind = assertThrows(IOException.class, () -> lines.decode(new Message.Binary(new byte[] {1})));
        assertEquals("it is no text message", kind.getMessage());
    }
}
