package org.lnsd.daemon.config;

import java.util.List;

/**
 * The keys of one table.
 *
 * @param path its name in the file, such as {@code radius.server}
 * @param repeated whether it is an array of tables
 * @param absent whether the file need not have it and does not by default
 * @param help what it is for, one line
 * @param keys in the order of the reference
 */
record TableSchema(String path, boolean repeated, boolean absent, String help, List<Key<?>> keys) {

    TableSchema {
        keys = List.copyOf(keys);
    }

    String header() { return repeated ? "[[" + path + "]]" : "[" + path + "]"; }

    String name() { return path.substring(path.lastIndexOf('.') + 1); }
}
