package dev.wspool.java;

import dev.wspool.Message;
import java.io.IOException;

/**
 * Writes values as messages and reads them, with the library of your choice: Jackson, Gson, Protobuf. Safe for concurrent use, as most of
 * them are.
 *
 * <pre>{@code
 * final class PriceCodec implements Codec<Price> {
 *     private final ObjectMapper mapper = new ObjectMapper();
 *
 *     public Message encode(Price value) throws IOException {
 *         return new Message.Text(mapper.writeValueAsString(value));
 *     }
 *
 *     public Price decode(Message message) throws IOException {
 *         return mapper.readValue(((Message.Text) message).getText(), Price.class);
 *     }
 * }
 * }</pre>
 *
 * @param <T> the type of the values.
 */
public interface Codec<T> {
    /**
     * Writes a value.
     *
     * @param value what to send.
     * @return text or binary.
     * @throws IOException where it cannot be written; or any unchecked exception.
     */
    Message encode(T value) throws IOException;

    /**
     * Reads a message.
     *
     * @param message what has come: anything that a peer likes to send.
     * @return the value.
     * @throws IOException where it is none; or any unchecked exception, as a message of the wrong kind makes a cast fail. The caller gets a
     * {@link dev.wspool.MalformedMessageException} that quotes the first line of its text.
     */
    T decode(Message message) throws IOException;

    /**
     * What errors call that which is decoded. Default: the name of this class.
     *
     * @return a name.
     */
    default String typeName() {
        return getClass().getName();
    }
}
