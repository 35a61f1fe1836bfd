package org.lnsd.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The inline table {@code radius.server.tls}: RadSec.
 *
 * @param port TCP port
 * @param certificateAuthority PEM file with the authorities that the server's certificate is checked against
 * @param certificate our certificate (PEM); empty: none is shown
 * @param key its private key (PEM, PKCS 8)
 * @param serverName the name that the server's certificate must have; empty: its address
 */
public record RadiusTlsConfig(int port, Path certificateAuthority, Optional<Path> certificate, Optional<Path> key,
        Optional<String> serverName) {
    /** Largest of its files; bundles of all authorities of the world have some 200 KiB. */
    public static final int MAXIMUM_FILE_BYTES = 2 << 20;
}
