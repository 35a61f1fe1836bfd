/** PPP (RFC 1661 and its companions) as pure machines: frames, commands and the time go in; frames, deadlines and events come out. */
@org.jspecify.annotations.NullMarked
package org.lnsd.ppp;
