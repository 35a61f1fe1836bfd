package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The test equipment itself, with Debian's l2tpns in the place of lnsd: what fails here is not lnsd's fault. */
@Tag("system")
class HarnessTest {
    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void guestDialsL2tpnsAndFreeRadiusDecides() {
        try (Site site = new Site(namespaces, "harness")) {
            FreeRadius radius = site.closing(FreeRadius.in(site.lns(), site.folder("radius"), """
                    alice@example.net Cleartext-Password := "wonderland"
                        Service-Type = Framed-User, Framed-Protocol = PPP, Framed-IP-Address = 100.64.0.7
                    """));
            UmlGuest guest = site.guest();
            Process l2tpns = startL2tpns(site);
            site.closing(() -> Commands.end(l2tpns));
            site.transferServer();
            Capture capture = site.capture("acc0");
            Xl2tpd dialer = new Xl2tpd(guest, "line", Site.LNS, "", "alice@example.net", "wonderland", "");

            assertThat(dialer.dialUntilUp()).isEqualTo("100.64.0.7");
            dialer.defaultRoute();
            assertThat(guest.run("ping", "-n", "-c", "5", "-i", "0.2", Site.INTERNET).output())
                    .contains(" 0% packet loss");
            assertThat(guest.run("python3", site.transferScript().toString(), "get", Site.INTERNET, "5002", "1000000")
                    .output()).startsWith("1000000 ");

            dialer.hangUp();
            dialer.awaitDown();
            assertThat(radius.awaitAccounting("alice@example.net", "Stop")).containsKey("Acct-Output-Octets");
            capture.stop();
            assertThat(capture.lastTime("ipcp")).isGreaterThan(capture.firstTime("l2tp.avp.message_type == 12"));
        }
    }

    private static Process startL2tpns(Site site) {
        Path folder = site.folder("l2tpns");
        Commands.write(folder.resolve("startup-config"), """
                set debug 3
                set log_file "%1$s/l2tpns.log"
                set pid_file "%1$s/l2tpns.pid"
                set l2tp_secret ""
                set primary_radius 127.0.0.1
                set primary_radius_port 1812
                set radius_accounting yes
                set radius_secret "%2$s"
                set radius_authtypes "pap"
                set bind_address %3$s
                set peer_address 100.64.0.1
                set cluster_address 239.192.13.13
                set cluster_interface core0
                set cluster_hb_interval 1
                set cluster_hb_timeout 10
                """.formatted(folder, FreeRadius.SECRET, Site.LNS));
        Commands.write(folder.resolve("ip_pool"), "100.64.1.0/24\n");
        Commands.write(folder.resolve("users"), "");
        Process process = site.lns().start(folder.resolve("console.log"), "sh", "-c",
                "mount --bind " + folder + " /etc/l2tpns && exec setsid l2tpns -c " + folder + "/startup-config");
        Awaitility.await("l2tpns serves, see " + folder).atMost(30, TimeUnit.SECONDS)
                .until(() -> Commands.text(folder.resolve("l2tpns.log")).contains("declaring myself the master"));
        return process;
    }
}
