package org.lnsd.daemon.aaa;

import java.util.random.RandomGenerator;

import org.lnsd.daemon.aaa.radius.RadiusAaa;
import org.lnsd.daemon.config.Configuration;

/** Makes the authentication that a configuration asks for. */
public final class AaaFactory {
    private AaaFactory() {}

    /**
     * The embedded users, followed by RADIUS where it is configured.
     *
     * @param configuration what is asked for
     * @param random must not be predictable
     */
    public static Aaa open(Configuration configuration, RandomGenerator random) {
        UserTable users = new UserTable(configuration.users());
        return configuration.radius()
                .<Aaa>map(radius -> new CombinedAaa(users, new RadiusAaa(radius, configuration.node(), random)))
                .orElse(users);
    }
}
