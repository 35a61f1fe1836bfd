package org.lnsd.daemon.config;

import org.tomlj.TomlTable;

/**
 * The values of a file, or of a part of it.
 *
 * @param root the table of all tables
 * @param lines where its lines are in the file
 */
record TomlPart(TomlTable root, LineMap lines) {}
