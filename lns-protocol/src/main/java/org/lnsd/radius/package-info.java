/**
 * RADIUS as pure functions and values: packets, attributes, authenticators, hiding and the dictionary. RFC 2865, 2866, 2867, 2868,
 * 2869, 3162, 3579 section 3.2, 4372, 4679, 4818, 5080, 5176, 5997, 6911.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.radius;
