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

    private final ControlConfig config;
    private final Path groups;

    /** Judges by what the configuration says; {@code groups} is the system's {@code /etc/group}. */
    Access(ControlConfig config, Path groups) {
        this.config = config;
        this.groups = groups;
    }

    /**
     * What a client may do.
     *
     * @param user who it is
     * @param mayWrite whether it may change anything
     * @param mayIntercept whether it may have packets copied
     */
    record Rights(String user, boolean mayWrite, boolean mayIntercept) {}

    /** The rights of the peer, or empty: none. Where all who connect may do the same, the file's permissions have decided already. */
    Optional<Rights> of(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return of(peer.user().getName(), peer.group().getName());
    }

    Optional<Rights> of(String user, String ownGroup) throws IOException {
        boolean root = user.equals("root");
        boolean mayIntercept = root || isMember(user, ownGroup, config.interceptGroup());
        if (root || user.equals(System.getProperty("user.name")) || !config.distinguishes()
                || isMember(user, ownGroup, config.group())) {
            return Optional.of(new Rights(user, true, mayIntercept));
        }
        return mayIntercept || isMember(user, ownGroup, config.readOnlyGroup())
                ? Optional.of(new Rights(user, false, mayIntercept))
                : Optional.empty();
    }

    private boolean isMember(String user, String ownGroup, Optional<String> group) throws IOException {
        if (group.isEmpty()) {
            return false;
        }
        if (ownGroup.equals(group.get())) {
            return true;
        }
        return Files.readAllLines(groups).stream().map(line -> line.split(":", -1))
                .anyMatch(fields -> fields.length == 4 && fields[0].equals(group.get())
                        && Arrays.asList(fields[3].split(",")).contains(user));
    }
}
