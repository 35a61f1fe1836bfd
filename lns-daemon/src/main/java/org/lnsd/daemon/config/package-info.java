/** What lnsd.toml says: immutable records for every table, and the loader that reads and checks them in one go. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.config;
