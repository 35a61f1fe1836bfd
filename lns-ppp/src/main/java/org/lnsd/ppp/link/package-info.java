/**
 * One PPP link as a pure machine (RFC 1661): frames, commands and the time go in; frames to send, the next deadline and
 * events come out. {@link org.lnsd.ppp.link.PppLink} is the door.
 */
@NullMarked
package org.lnsd.ppp.link;

import org.jspecify.annotations.NullMarked;
