/** Linux through JNR-FFI: TUN queues, batched UDP, segmenting and coalescing, netlink; nothing of L2TP or PPP. */
@org.jspecify.annotations.NullMarked
package org.lnsd.tun;
