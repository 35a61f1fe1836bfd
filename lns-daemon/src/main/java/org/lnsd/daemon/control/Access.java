package org.lnsd.daemon.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

import org.lnsd.daemon.config.ControlConfig;

/** Who may do what on the control socket, by the kernel's word on the peer. */
final class Access {

    private static final Path GROUPS = Path.of("/etc/group");

    private final ControlConfig config;

    Access(ControlConfig config) { this.config = config; }

    /**
     * What a client may do.
     *
     * @param user who it is
     * @param mayWrite whether it may change anything
     */
    record Rights(String user, boolean mayWrite) {}

    /** The rights of the peer, or empty: none. Without a read-only group the file's permissions have decided already. */
    Optional<Rights> of(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        String user = peer.user().getName();
        boolean own = user.equals("root") || user.equals(System.getProperty("user.name"));
        if (own || config.readOnlyGroup().isEmpty() || isMember(peer, config.group())) {
            return Optional.of(new Rights(user, true));
        }
        return isMember(peer, config.readOnlyGroup()) ? Optional.of(new Rights(user, false)) : Optional.empty();
    }

    private static boolean isMember(UnixDomainPrincipal peer, Optional<String> group) throws IOException {
        if (group.isEmpty()) {
            return false;
        }
        if (peer.group().getName().equals(group.get())) {
            return true;
        }
        return Files.readAllLines(GROUPS).stream().map(line -> line.split(":", -1))
                .anyMatch(fields -> fields.length == 4 && fields[0].equals(group.get())
                        && Arrays.asList(fields[3].split(",")).contains(peer.user().getName()));
    }
}
