package dev.wspool.java;

import dev.wspool.TransportConfig;

/**
 * Makes the settings of a connector, for who makes a connector himself; a pool that makes its own is told by its
 * {@link JavaPoolBuilder}.
 */
public final class JavaTransportBuilder extends JavaTransportSettings<JavaTransportBuilder> {
    private final TransportConfig.Builder builder;

    /** Begins with the defaults. */
    public JavaTransportBuilder() {
        this(new TransportConfig.Builder());
    }

    private JavaTransportBuilder(TransportConfig.Builder builder) {
        super(builder);
        this.builder = builder;
    }

    /**
     * Checks the settings.
     *
     * @return for a connector.
     * @throws IllegalArgumentException naming the setting and its value, where one makes no sense.
     */
    public TransportConfig build() {
        return builder.build();
    }

    @Override
    JavaTransportBuilder self() {
        return this;
    }
}
