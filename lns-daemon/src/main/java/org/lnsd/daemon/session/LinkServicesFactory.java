package org.lnsd.daemon.session;

/** Makes the services of a link when its IPv6CP has come up. */
@FunctionalInterface
public interface LinkServicesFactory {

    /**
     * Makes and starts the services of one link.
     *
     * @param settings         of the session
     * @param grant            what authentication and pools gave
     * @param localInterfaceId our end's
     * @param peerInterfaceId  the subscriber's
     * @param mtuBytes         the largest packet that both ends take
     * @param nowNs            the loop's clock
     */
    LinkServices start(SessionSettings settings, SessionGrant grant, long localInterfaceId, long peerInterfaceId,
            int mtuBytes, long nowNs);
}
