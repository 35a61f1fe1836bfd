package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.aaa.SessionSelector;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.FilterParser;
import org.lnsd.daemon.forwarding.DnsRedirect;
import org.lnsd.daemon.forwarding.Limits;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.l2tp.message.AccessLine;
import org.lnsd.l2tp.message.AccessLineAttribute;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.ppp.link.LinkSettings;

/** What a profile, a CoA-Request, an operator and a reload make of a session's limits. */
class SessionLimitsTest {

    private static final String FILTERS = """
            [[filter]]
            name = "no-smtp"
            rules = ["deny tcp any any eq 25", "permit any"]
            [[filter]]
            name = "garden"
            rules = ["permit udp any any eq 53"]
            """;

    private static final String GARDEN = """
            [[garden]]
            name = "unpaid"
            filter-in = "garden"
            dns = ["192.0.2.53"]
            rate-down = "2Mbit/s"
            """;

    private Scenario scenario = new Scenario(Scenario.CONFIGURATION + FILTERS);

    private Session open(Profile profile) {
        scenario.aaa.user("bob", "b", profile);
        scenario.openLac().call("bob", "b");
        scenario.pass(2);
        assertThat(scenario.table.all()).hasSize(1);
        return scenario.table.all().iterator().next();
    }

    private Limits limits() { return scenario.forwarding.rows.values().iterator().next().limits; }

    private static String name(Optional<CompiledFilter> filter) { return filter.map(CompiledFilter::name).orElse("-"); }

    private static Rate up(long bps) { return new Rate(bps, 0, 50_000_000); }

    private static Rate down(long bps) { return new Rate(bps, 0, 5_000_000); }

    private static ProfileChange filterIn(String name) {
        return new ProfileChange(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), List.of());
    }

    private static SessionSelector bob() {
        return new SessionSelector(Optional.empty(), Optional.empty(), Optional.of("bob"), Optional.empty(), List.of(),
                List.of(), Optional.empty(), java.util.OptionalInt.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), List.of(), Optional.empty());
    }

    @Test
    void aProfilesFiltersAreAttachedByDirection() {
        open(Profile.empty().toBuilder().filterIn("no-smtp").filterOut("garden").build());
        assertThat(name(limits().filterIn())).isEqualTo("no-smtp");
        assertThat(name(limits().filterOut())).isEqualTo("garden");
    }

    @Test
    void ratesReachForwardingAndAbsurdOnesAreBroughtIntoRange() {
        Session session = open(Profile.empty().toBuilder().rateDown(new RateLimit(20_000_000, 0))
                .rateUp(new RateLimit(1, 0)).build());
        assertThat(limits().rateOut()).isEqualTo(down(20_000_000));
        assertThat(limits().rateIn()).isEqualTo(up(64_000));
        ProfileChange none = new ProfileChange(Optional.of(RateLimit.NONE), Optional.of(RateLimit.NONE),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        assertThat(session.change(none, scenario.loop.nowNs())).isNull();
        assertThat(limits()).isEqualTo(Limits.NONE);
    }

    // RFC 5515 section 4.1: the LAC tells another speed while the call is up
    @Test
    void aPartOfTheLinesSpeedFollowsIt() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nrate-down = \"90%\"\nrate-up = \"1Mbit/s\"\n");
        Session session = open(Profile.empty().toBuilder().rateUp(RateLimit.ofPercent(50)).build());
        session.speedsChanged(10_000_000, 2_000_000);
        assertThat(limits().rateOut()).isEqualTo(down(9_000_000));
        assertThat(limits().rateIn()).isEqualTo(up(1_000_000));
        session.speedsChanged(20_000_000, 4_000_000);
        assertThat(limits().rateOut()).isEqualTo(down(18_000_000));
        session.speedsChanged(0, 0);
        assertThat(limits().rateOut()).as("nobody tells the speed").isEqualTo(Rate.UNLIMITED);
        assertThat(scenario.aaa.accounts).endsWith("speeds bob 10000000/2000000", "speeds bob 20000000/4000000",
                "speeds bob 0/0");
    }

    // RFC 2661 section 4.4.5 has 32 bits for a connect speed, RFC 5515 section 5 has 64
    @Test
    void aLineFasterThanAConnectSpeedCanTellIsAsFastAsItsAccessLine() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nrate-down = \"90%\"\nrate-up = \"50%\"\n");
        AccessLine line = new AccessLine(Optional.empty(), Optional.empty(), Map.of(
                AccessLineAttribute.ACTUAL_DATA_RATE_DOWNSTREAM, 10_000_000_000L,
                AccessLineAttribute.ACTUAL_DATA_RATE_UPSTREAM, 2_000_000_000L), Optional.empty(), false);
        scenario.openLac().call(LinkSettings.client("alice", "secret").build(), CallParameters.builder()
                .txConnectSpeedBps(10_000_000_000L).rxConnectSpeedBps(1_000_000_000).accessLine(line).build());
        scenario.pass(2);
        assertThat(limits().rateOut()).isEqualTo(down(9_000_000_000L));
        assertThat(limits().rateIn()).as("what is told counts").isEqualTo(up(500_000_000));
    }

    @Test
    void theUsualRateIsForThoseOfWhomNothingElseIsSaid() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nrate-down = \"8Mbit/s\"\nrate-up = \"1Mbit/s\"\n");
        open(Profile.empty().toBuilder().rateUp(RateLimit.NONE).build());
        assertThat(limits().rateOut()).isEqualTo(down(8_000_000));
        assertThat(limits().rateIn()).isEqualTo(Rate.UNLIMITED);
    }

    @Test
    void burstsAreAsConfiguredUnlessRadiusSaysOne() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nrate-down = \"8Mbit/s\"\nburst-down = \"20ms\"\n"
                + "burst-up = \"100ms\"\n");
        open(Profile.empty().toBuilder().rateUp(new RateLimit(1_000_000, 4000)).build());
        assertThat(limits().rateOut()).isEqualTo(new Rate(8_000_000, 0, 20_000_000));
        assertThat(limits().rateIn()).isEqualTo(new Rate(1_000_000, 4000, 100_000_000));
    }

    @Test
    void aGardenIsEnteredAndLeftWhileTheSessionIsUp() {
        scenario = new Scenario(Scenario.CONFIGURATION + FILTERS + GARDEN);
        Session session = open(Profile.empty().toBuilder().filterOut("no-smtp").rateDown(new RateLimit(9_000_000, 0))
                .build());
        assertThat(session.change(ProfileChange.of(LineRules.ofGarden("unpaid")), scenario.loop.nowNs())).isNull();
        assertThat(name(limits().filterIn())).isEqualTo("garden");
        assertThat(name(limits().filterOut())).isEqualTo("-");
        assertThat(limits().rateOut()).isEqualTo(down(2_000_000));
        assertThat(session.change(ProfileChange.of(LineRules.ofGarden("nothing")), scenario.loop.nowNs()))
                .isEqualTo("garden nothing does not exist");
        assertThat(session.change(ProfileChange.of(LineRules.ofGarden("")), scenario.loop.nowNs())).isNull();
        assertThat(name(limits().filterIn())).isEqualTo("-");
        assertThat(name(limits().filterOut())).isEqualTo("no-smtp");
        assertThat(limits().rateOut()).isEqualTo(down(9_000_000));
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
    }

    private static List<java.net.Inet4Address> addresses(String... literals) {
        return Stream.of(literals).map(literal -> IpAddresses.parseIpv4(literal).orElseThrow()).toList();
    }

    // RFC 1877: the name servers that a line was told stay until IPCP is negotiated anew, so its queries go to others
    @Test
    void theGardensNameServersAnswerWhoEntersItWhileItIsUp() {
        scenario = new Scenario(
                Scenario.CONFIGURATION + "[ppp]\ndns = [\"9.9.9.9\", \"8.8.8.8\"]\n" + FILTERS + GARDEN);
        Session session = open(Profile.empty());
        assertThat(limits().dns()).isEmpty();
        session.change(ProfileChange.of(LineRules.ofGarden("unpaid")), scenario.loop.nowNs());
        assertThat(limits().dns())
                .contains(new DnsRedirect(addresses("9.9.9.9", "8.8.8.8"), addresses("192.0.2.53"), true));
        session.change(ProfileChange.of(LineRules.ofGarden("")), scenario.loop.nowNs());
        assertThat(limits()).isEqualTo(Limits.NONE);
    }

    @Test
    void whoComesUpInTheGardenAsksTheUsualNameServersOnceItIsLeft() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\ndns = [\"9.9.9.9\"]\n" + FILTERS + GARDEN);
        Session session = open(Profile.empty().toBuilder().line(LineRules.ofGarden("unpaid")).build());
        assertThat(limits().dns()).contains(new DnsRedirect(addresses("192.0.2.53"), addresses("192.0.2.53"), true));
        session.change(ProfileChange.of(LineRules.ofGarden("")), scenario.loop.nowNs());
        assertThat(limits().dns()).contains(new DnsRedirect(addresses("192.0.2.53"), addresses("9.9.9.9"), false));
    }

    private void use(long octets) {
        scenario.forwarding.rows.values().iterator().next().counters.octetsOut = octets;
        scenario.pass(3);
    }

    @Test
    void aSessionEndsWhenItsVolumeIsUsedUp() {
        Session session = open(Profile.empty().toBuilder().line(LineRules.ofVolume(1_000_000)).build());
        use(999_999);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
        use(1_000_000);
        assertThat(scenario.table.all()).isEmpty();
    }

    @Test
    void orGoesIntoTheGardenOrOnSlowly() {
        scenario = new Scenario(
                Scenario.CONFIGURATION + "[ppp]\non-volume-limit = \"garden:unpaid\"\n" + FILTERS + GARDEN);
        Session session = open(Profile.empty().toBuilder().line(LineRules.ofVolume(1_000_000)).build());
        use(2_000_000);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
        assertThat(name(limits().filterIn())).isEqualTo("garden");

        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\non-volume-limit = \"128kbit/s\"\n");
        open(Profile.empty().toBuilder().line(LineRules.ofVolume(1_000_000)).build());
        use(2_000_000);
        assertThat(limits().rateIn()).isEqualTo(up(128_000));
        assertThat(limits().rateOut()).isEqualTo(down(128_000));
    }

    @Test
    void whoIsRejectedComesUpInTheGardenUnderAnotherName() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\ngarden-on-reject = \"unpaid\"\n" + FILTERS + GARDEN);
        scenario.aaa.user("bob", "b", Profile.empty());
        ScriptedLac lac = scenario.openLac();
        lac.call("bob", "b");
        scenario.pass(2);
        Session paying = scenario.table.all().iterator().next();
        lac.call("bob", "wrong");
        scenario.pass(2);
        assertThat(paying.state()).isEqualTo(SessionState.OPEN);
        Session parked = scenario.table.all().stream().filter(session -> session != paying).findFirst().orElseThrow();
        assertThat(parked.state()).isEqualTo(SessionState.OPEN);
        assertThat(parked.user()).isEqualTo("unverified:bob");
        assertThat(name(parked.networkPart().limits().filterIn())).isEqualTo("garden");
    }

    @Test
    void aSessionIsSuspendedAndResumedAndItsPacketsCapped() {
        Session session = open(Profile.empty());
        session.change(ProfileChange.of(LineRules.ofSuspended(true)), scenario.loop.nowNs());
        session.change(ProfileChange.of(LineRules.ofPacketsPerSecond(500)), scenario.loop.nowNs());
        assertThat(limits().suspended()).isTrue();
        assertThat(limits().packetsPerSecond()).isEqualTo(500);
        session.change(ProfileChange.of(LineRules.ofSuspended(false)), scenario.loop.nowNs());
        session.change(ProfileChange.of(LineRules.ofPacketsPerSecond(0)), scenario.loop.nowNs());
        assertThat(limits()).isEqualTo(Limits.NONE);
    }

    @Test
    void anOperatorChangesAndTakesAwayTheFilterOfARunningSession() {
        Session session = open(Profile.empty());
        assertThat(limits()).isEqualTo(Limits.NONE);
        assertThat(session.change(filterIn("garden"), scenario.loop.nowNs())).isNull();
        assertThat(name(limits().filterIn())).isEqualTo("garden");
        assertThat(session.change(filterIn(""), scenario.loop.nowNs())).isNull();
        assertThat(limits()).isEqualTo(Limits.NONE);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
    }

    // RFC 5176 section 2.2: done or, with nothing changed, refused
    @Test
    void aCoaWithAFilterThatIsMissingChangesNothingWherePolicyRefuses() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nmissing-filter = \"refuse\"\n" + FILTERS);
        open(Profile.empty().toBuilder().filterIn("garden").build());
        List<DynamicAuthorizationResult> answers = new ArrayList<>();
        SessionAuthorization radius = new SessionAuthorization(scenario.sessions.services());
        radius.change(bob(), filterIn("nothing"), answers::add);
        radius.change(bob(), filterIn("no-smtp"), answers::add);
        scenario.pass(1);
        assertThat(answers).containsExactly(
                new DynamicAuthorizationResult.Refused(ErrorCause.INVALID_ATTRIBUTE_VALUE),
                new DynamicAuthorizationResult.Done(1));
        assertThat(name(limits().filterIn())).isEqualTo("no-smtp");
    }

    @Test
    void aMissingFilterIsIgnoredOrRefusedAsConfigured() {
        open(Profile.empty().toBuilder().filterIn("nothing").build());
        assertThat(limits()).isEqualTo(Limits.NONE);
        assertThat(scenario.counts.of("missing-filter")).isEqualTo(1);

        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nmissing-filter = \"refuse\"\n");
        scenario.aaa.user("bob", "b", Profile.empty().toBuilder().filterIn("nothing").build());
        ScriptedLac.Subscriber line = scenario.openLac().call("bob", "b");
        scenario.pass(5);
        assertThat(scenario.table.all()).isEmpty();
        assertThat(line.ended).isNotNull();
    }

    @Test
    void aReloadReachesRunningSessionsAndKeepsTheCountersOfUnchangedLists() {
        Session session = open(Profile.empty().toBuilder().filterIn("no-smtp").filterOut("garden").build());
        CompiledFilter garden = limits().filterOut().orElseThrow();
        scenario.filters.replace(java.util.Map.of("no-smtp", List.of(FilterParser.parse("deny tcp any any eq smtp")),
                "garden", garden.rules()));
        session.refreshLimits();
        assertThat(limits().filterIn().orElseThrow().rules()).hasSize(1);
        assertThat(limits().filterOut().orElseThrow()).isSameAs(garden);
    }
}
