package dev.wspool.samples.benchmarks.scale;

import dev.wspool.samples.benchmarks.echo.Keys;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the JDK's TLS keeps of a connection that is idle, whoever drives it: an {@code SSLEngine} after its handshake and one
 * message each way, without socket or buffers. What {@link IdleTlsBenchmark} has above this and a connection without TLS is the client's own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class BareTlsBenchmark {
    @Param("1000")
    private int connections;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double heapBytesPerConnection;
    }

    @Benchmark
    public SSLEngine[] hold(Counters counters) throws Exception {
        var client = context();
        client.engine(); // its classes are nobody's
        var engines = new SSLEngine[connections];
        long before = Footprint.heap();
        for (int i = 0; i < connections; i++) engines[i] = client.engine();
        counters.heapBytesPerConnection = (double) (Footprint.heap() - before) / connections;
        return engines;
    }

    /** A context for both sides of all connections. */
    private record Context(SSLContext tls) {
        SSLEngine engine() throws Exception {
            var client = tls.createSSLEngine("localhost", 443);
            client.setUseClientMode(true);
            var server = tls.createSSLEngine();
            server.setUseClientMode(false);
            new TlsPair(client, server).converse();
            return client;
        }
    }

    private static Context context() throws Exception {
        var keys = Keys.generate();
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, Keys.PASSWORD);
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        trusted.setCertificateEntry(Keys.ALIAS, keys.getCertificate(Keys.ALIAS));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        tls.getClientSessionContext().setSessionCacheSize(1); // a cache is no connection's
        tls.getServerSessionContext().setSessionCacheSize(1);
        return new Context(tls);
    }
}
