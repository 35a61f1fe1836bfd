package org.lnsd.daemon.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The table {@code [snmp]}: absent, no agent runs.
 *
 * @param listen the agent's UDP address
 * @param community the SNMPv2c community; empty: version 3 only
 * @param user the SNMPv3 user; empty: version 2c only
 * @param authenticationPassword SNMPv3 SHA-256 password
 * @param privacyPassword SNMPv3 AES-128 password
 */
public record SnmpConfig(InetSocketAddress listen, Optional<Secret> community, Optional<String> user,
        Optional<Secret> authenticationPassword,
        Optional<Secret> privacyPassword) {}
