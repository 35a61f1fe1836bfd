/** Authentication of a PPP peer: PAP (RFC 1334), CHAP with MD5 (RFC 1994) and MS-CHAPv2 (RFC 2759). */
@NullMarked
package org.lnsd.ppp.auth;

import org.jspecify.annotations.NullMarked;
