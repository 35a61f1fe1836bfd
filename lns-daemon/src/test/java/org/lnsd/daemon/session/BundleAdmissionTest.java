package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.PppDisconnectCause;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.NetworkSettings;

/** Which links join the bundle that their subscriber has (RFC 1990 sections 4 and 5.1), and what the others are told (RFC 3145 section 3). */
class BundleAdmissionTest {
    private static final int MAXIMUM_LINKS = 32;

    private final Scenario scenario = new Scenario(Scenario.CONFIGURATION.replace("maximum-sessions = 3",
            "maximum-sessions = 60") + "[ppp]\nmultilink = true\n");
    private ScriptedLac lac;

    @BeforeEach
    void tunnel() { lac = scenario.openLac(); }

    private Subscriber link(LinkSettings settings) {
        Subscriber subscriber = lac.call(settings);
        if (!scenario.table.bundles().isEmpty()) {
            subscriber.networks = NetworkSettings.NONE; // they are up over the first link
        }
        scenario.pass(2);
        return subscriber;
    }

    private Subscriber link() { return link(ScriptedLac.multilink().build()); }

    private List<Subscriber> links(int count) {
        List<Subscriber> links = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            links.add(link());
        }
        return links;
    }

    private void refused(Subscriber link, String text) {
        scenario.pass(8); // LCP Terminate first
        assertThat(link.ended).isNotNull();
        assertThat(link.ended.message()).contains(text);
    }

    private void onlyTheseAreUp(List<Subscriber> links) {
        assertThat(links).extracting(link -> link.ended).containsOnlyNulls();
        assertThat(scenario.table.all()).hasSize(links.size())
                .allMatch(session -> session.state() == SessionState.OPEN);
        assertThat(scenario.table.bundles()).hasSize(1);
        assertThat(scenario.kernel.installed).hasSize(1);
    }

    // Each packet is looked at once a link: without a bound a subscriber could make that dear.
    @Test
    void aBundleHasThirtyTwoLinksAtMost() {
        List<Subscriber> links = links(MAXIMUM_LINKS);
        onlyTheseAreUp(links);
        refused(link(), "logged in already");
        onlyTheseAreUp(links);
    }

    // RFC 2865 section 5.42
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void portLimitBoundsTheLinks(int limit) {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder().portLimit(limit).build());
        List<Subscriber> links = links(limit);
        refused(link(), "logged in already");
        onlyTheseAreUp(links);
    }

    @Test
    void aPortLimitOfMoreRaisesNoBound() {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder().portLimit(1000).build());
        List<Subscriber> links = links(MAXIMUM_LINKS);
        refused(link(), "logged in already");
        onlyTheseAreUp(links);
    }

    @Test
    void theFirstPlaceThatIsFreeIsTaken() {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder().portLimit(2).build());
        List<Subscriber> links = links(2);
        refused(link(), "logged in already");
        lac.hangUp(links.removeLast(), ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(2);
        links.add(link());
        onlyTheseAreUp(links);
    }

    // RFC 1990 section 5.1.1: all links of a bundle have the same MRRU; RFC 3145 section 3, code 10
    @Test
    void aLinkWithAnotherMrruIsRefused() {
        List<Subscriber> links = links(1);
        Subscriber other = link(ScriptedLac.multilink().mrru(1600).build());
        refused(other, "MRRU");
        assertThat(other.ended.pppCause()).map(PppDisconnectCause::code).hasValue(10);
        onlyTheseAreUp(links);
    }

    // RFC 1990 section 5.1.2: and the same length of numbers; RFC 3145 section 3, code 11
    @Test
    void aLinkWithOtherNumbersIsRefused() {
        List<Subscriber> links = links(1);
        Subscriber other = link(ScriptedLac.multilink().shortSequenceNumbers(true).build());
        refused(other, "sequence numbers");
        assertThat(other.ended.pppCause()).map(PppDisconnectCause::code).hasValue(11);
        onlyTheseAreUp(links);
    }

    @Test
    void aRefusedLinkLeavesNothing() {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder().portLimit(1).build());
        List<Subscriber> links = links(1);
        for (int i = 0; i < 5; i++) {
            refused(link(), "logged in already");
        }
        onlyTheseAreUp(links);
        assertThat(scenario.forwarding.rows).hasSize(1);
        assertThat(scenario.aaa.accounts).filteredOn(line -> line.startsWith("start")).hasSize(1);
    }
}
