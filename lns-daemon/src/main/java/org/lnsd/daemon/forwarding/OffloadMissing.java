package org.lnsd.daemon.forwarding;

/** An offload is {@link Offload#ON}, but the kernel does not have it. */
public final class OffloadMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    OffloadMissing(String offload, String what) {
        super("offload " + offload + " is \"on\", but the kernel has no " + what + "; \"auto\" does without");
    }
}
