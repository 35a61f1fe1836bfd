package org.lnsd.daemon.config;

/** What {@code ppp.authentication} may list. */
public enum AuthenticationMethod {
    /** RFC 1334. */
    PAP,
    /** CHAP with MD5, RFC 1994. */
    CHAP,
    /** RFC 2759. */
    MSCHAPV2
}
