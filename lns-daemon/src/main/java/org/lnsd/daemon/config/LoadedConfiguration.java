package org.lnsd.daemon.config;

import java.util.List;

/** What came of reading a configuration. */
public sealed interface LoadedConfiguration {

    /** It can be used. */
    record Valid(Configuration configuration) implements LoadedConfiguration {}

    /** It cannot; every error that was found, in the order of the file, at least one. */
    record Invalid(List<ConfigError> errors) implements LoadedConfiguration {}
}
