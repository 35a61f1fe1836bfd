package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Client and server on a virtual clock over a link that loses 30 % of the packets. */
class Dhcp6SimulationTest {
    @Test
    void everySeedBindsRenewsAndReleases() {
        for (long seed = 0; seed < 200; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        Dhcp6Server server = new Dhcp6Server(Dhcp6Link.settings(List.of(Dhcp6Link.PREFIX), List.of(Dhcp6Link.ADDRESS)),
                Dhcp6Link.ALLOCATOR);
        Dhcp6Client client = new Dhcp6Client(Dhcp6Link.CLIENT, Dhcp6Link.CLIENT_DUID, true, true, seed % 2 == 0, random,
                UnpooledByteBufAllocator.DEFAULT);
        client.start(0);
        int bound = 0;
        boolean granted = false;
        boolean released = false;
        long now = 0;
        for (int step = 0; step < 400 && !released; step++) {
            boolean moved = exchange(server, client, random, now);
            for (Dhcp6Client.Event event = client.pollEvent(); event != null; event = client.pollEvent()) {
                if (event instanceof Dhcp6Client.Event.Bound leases) {
                    assertThat(leases.delegated()).as("seed %d", seed).containsExactly(Dhcp6Link.PREFIX);
                    assertThat(leases.addresses()).as("seed %d", seed).containsExactly(Dhcp6Link.ADDRESS);
                    bound++;
                    if (bound == 3) {
                        client.release(now);
                        moved = true;
                    }
                } else if (bound >= 3) {
                    released = true;
                }
            }
            for (Dhcp6Event event = server.pollEvent(); event != null; event = server.pollEvent()) {
                granted = event instanceof Dhcp6Event.Granted || granted && !(event instanceof Dhcp6Event.Ended);
            }
            if (!moved) {
                now = Math.min(client.nextDeadlineNs(), server.nextDeadlineNs());
                client.onTimeout(now);
                server.onTimeout(now);
            }
        }
        assertThat(released).as("seed %d released", seed).isTrue();
    }

    private static boolean exchange(Dhcp6Server server, Dhcp6Client client, Random random, long now) {
        boolean moved = false;
        for (ByteBuf packet = client.pollTransmit(); packet != null; packet = client.pollTransmit()) {
            if (random.nextInt(100) >= 30) {
                server.onPacket(packet, now);
            }
            packet.release();
            moved = true;
        }
        for (ByteBuf packet = server.pollTransmit(); packet != null; packet = server.pollTransmit()) {
            if (random.nextInt(100) >= 30) {
                client.onPacket(packet, now);
            }
            packet.release();
            moved = true;
        }
        return moved;
    }
}
