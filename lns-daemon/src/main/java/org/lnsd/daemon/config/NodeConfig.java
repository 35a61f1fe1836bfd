package org.lnsd.daemon.config;

import java.nio.file.Path;

/**
 * The table {@code [node]}.
 *
 * @param name NAS-Identifier and L2TP Host Name, never empty: the machine's host name where the file gives none
 * @param stateDirectory where what must outlive the process is kept
 */
public record NodeConfig(String name, Path stateDirectory) {}
