package org.lnsd.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The table {@code [control]}.
 *
 * @param socket the control socket's path
 * @param group the group that besides root may connect; empty: root only
 * @param readOnlyGroup a group that may look and not touch; empty: none
 * @param interceptGroup a group that may look, and intercept; empty: root alone may intercept
 * @param maximumClients connections at a time
 */
public record ControlConfig(Path socket, Optional<String> group, Optional<String> readOnlyGroup,
        Optional<String> interceptGroup, int maximumClients) {

    /** Whether some may do less than others who connect. */
    public boolean distinguishes() {
        return readOnlyGroup.isPresent() || interceptGroup.isPresent();
    }
}
