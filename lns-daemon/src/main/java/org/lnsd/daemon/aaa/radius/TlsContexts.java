package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.BoundedFile;
import org.lnsd.daemon.config.RadiusTlsConfig;
import org.lnsd.daemon.net.IpAddresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;

/** The TLS settings of one server, read again when one of the files has changed. */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    private final RadiusTlsConfig config;
    private List<FileTime> readTimes = List.of();
    private @Nullable SslContext context;

    TlsContexts(RadiusTlsConfig config) { this.config = config; }

    /** A handler for a new connection; empty when the certificates cannot be read, which has been logged. */
    Optional<SslHandler> newHandler(InetSocketAddress server) {
        try {
            SslContext current = current();
            String name = config.serverName().orElse(IpAddresses.format(server.getAddress()));
            SslHandler handler = current.newHandler(ByteBufAllocator.DEFAULT, name, server.getPort());
            SSLParameters parameters = handler.engine().getSSLParameters();
            // The name or address is checked as RFC 9110 section 4.3.4 has it; RFC 6614 section 2.3 asks for no less.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            handler.engine().setSSLParameters(parameters);
            return Optional.of(handler);
        } catch (IOException | IllegalArgumentException broken) {
            LOG.error("radsec-certificates-unusable cause=\"{}\"", explain(broken));
            return Optional.empty();
        }
    }

    private SslContext current() throws IOException {
        List<FileTime> times = times();
        if (context == null || !times.equals(readTimes)) {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2").trustManager(config.certificateAuthority().toFile());
            if (config.certificate().isPresent() && config.key().isPresent()) {
                File certificate = config.certificate().get().toFile();
                builder.keyManager(certificate, config.key().get().toFile());
            }
            context = builder.build();
            readTimes = times;
        }
        return context;
    }

    private List<FileTime> times() throws IOException {
        List<FileTime> times = new ArrayList<>();
        List<Path> files = Stream
                .concat(Stream.of(config.certificateAuthority()),
                        Stream.concat(config.certificate().stream(), config.key().stream()))
                .toList();
        for (Path file : files) {
            BoundedFile.check(file, RadiusTlsConfig.MAXIMUM_FILE_BYTES);
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    /** The innermost cause in one line, which for TLS is the one that says what is wrong. */
    static String explain(@Nullable Throwable failure) {
        Throwable innermost = failure;
        for (int depth = 0; innermost != null && innermost.getCause() != null && depth < 10; depth++) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost).replace('\n', ' ').replace('\r', ' ');
    }
}
