/**
 * What a line may send and receive: named lists of rules, compiled so that a packet costs a few look-ups however long the list is. Rules speak of
 * addresses, protocols, ports, flags and fragments, never of content.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.filter;
