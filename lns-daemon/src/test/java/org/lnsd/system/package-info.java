/**
 * System tests: the image of the build, in network namespaces of the test's own, against real peers from Debian. Everything that a test makes
 * (namespaces, guests, servers, folders) is closed with it, failed or not.
 */
@NullMarked
package org.lnsd.system;

import org.jspecify.annotations.NullMarked;
