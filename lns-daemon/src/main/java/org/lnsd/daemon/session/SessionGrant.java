package org.lnsd.daemon.session;

import org.lnsd.daemon.aaa.Profile;

/**
 * What an authenticated subscriber got.
 *
 * @param user      the name that authentication gave
 * @param profile   what it may have
 * @param addresses what it has
 */
public record SessionGrant(String user, Profile profile, AssignedAddresses addresses) {}
