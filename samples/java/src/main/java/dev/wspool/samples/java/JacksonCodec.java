package dev.wspool.samples.java;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wspool.Message;
import dev.wspool.java.Codec;
import java.io.IOException;

/**
 * Values as JSON texts, by Jackson. A server that sends more than it did before does no harm.
 *
 * @param <T> the type of the values.
 */
final class JacksonCodec<T> implements Codec<T> {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Class<T> type;

    JacksonCodec(Class<T> type) {
        this.type = type;
    }

    @Override
    public Message encode(T value) throws IOException {
        return new Message.Text(MAPPER.writeValueAsString(value));
    }

    @Override
    public T decode(Message message) throws IOException {
        if (message instanceof Message.Text text) return MAPPER.readValue(text.getText(), type);
        throw new IOException("it is no text message");
    }

    @Override
    public String typeName() {
        return type.getSimpleName();
    }
}
