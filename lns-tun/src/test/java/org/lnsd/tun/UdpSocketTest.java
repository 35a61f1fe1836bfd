package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** What the kernel tells about the way to an address. */
class UdpSocketTest {
    @Test
    void theWayToOurselvesIsKnown() throws UnknownHostException {
        InetAddress loopback = InetAddress.getByAddress(new byte[]{127, 0, 0, 1});
        assertThat(UdpSocket.sourceTowards(loopback)).isEqualTo(loopback);
        assertThat(UdpSocket.pathMtuBytes(new InetSocketAddress(loopback, 1701))).isGreaterThanOrEqualTo(1280);
    }
}
