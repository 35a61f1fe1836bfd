package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.SessionSelector;
import org.lnsd.daemon.net.IpPrefix;

/** What a CoA- or Disconnect-Request does to several sessions: all of it or nothing (RFC 5176 sections 2.1 and 2.2). */
class SessionAuthorizationTest {

    private static final String CONFIGURATION = """
            [node]
            name = "lns"
            [[l2tp.peer]]
            name = "wholesale"
            address = ["192.0.2.0/24"]
            [ppp]
            duplicate-logins = "allow"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            ipv6-prefix = "2001:db8:1::/48"
            [[pool]]
            name = "single"
            ipv6-prefix = "2001:db8:2::/64"
            [[pool]]
            name = "many"
            ipv6-prefix = "2001:db8:3::/48"
            """;

    private final Scenario scenario = new Scenario(CONFIGURATION);
    private final SessionAuthorization radius = new SessionAuthorization(scenario.sessions.services());
    private final List<DynamicAuthorizationResult> answers = new ArrayList<>();

    private void open(int count) {
        scenario.aaa.user("bob", "b", Profile.empty());
        ScriptedLac lac = scenario.openLac();
        for (int i = 0; i < count; i++) {
            lac.call("bob", "b");
        }
        lac.call("alice", "secret");
        scenario.pass(2);
        assertThat(scenario.table.all()).hasSize(count + 1);
    }

    private static ProfileChange pool(String name) {
        return new ProfileChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(name),
                Optional.empty(), List.of());
    }

    private static SessionSelector named(Optional<String> session, Optional<String> user) {
        return new SessionSelector(session, Optional.empty(), user, Optional.empty(), List.of(), List.of(),
                Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                Optional.empty());
    }

    private List<IpPrefix> prefixes(String user) {
        return scenario.table.ofUser(user).stream()
                .flatMap(session -> session.networkPart().grant().addresses().ipv6Prefixes().stream()).toList();
    }

    @Test
    void aChangeReachesAllSessionsOfAUserAndNobodyElse() {
        open(3);
        List<IpPrefix> others = prefixes("alice");
        radius.change(named(Optional.empty(), Optional.of("bob")), pool("many"), answers::add);
        scenario.pass(1);
        assertThat(answers).containsExactly(new DynamicAuthorizationResult.Done(3));
        assertThat(prefixes("bob")).hasSize(3).doesNotHaveDuplicates()
                .allMatch(IpPrefix.parse("2001:db8:3::/48")::contains);
        assertThat(prefixes("alice")).isEqualTo(others);
    }

    @Test
    void aChangeThatOneSessionCannotHaveChangesNone() {
        open(3);
        radius.change(named(Optional.empty(), Optional.of("bob")), pool("single"), answers::add);
        scenario.pass(1);
        assertThat(answers).containsExactly(
                new DynamicAuthorizationResult.Refused(ErrorCause.RESOURCES_UNAVAILABLE));
        assertThat(prefixes("bob")).hasSize(3).doesNotHaveDuplicates()
                .allMatch(IpPrefix.parse("2001:db8:1::/48")::contains);
        assertThat(scenario.table.ofUser("bob"))
                .allMatch(session -> session.networkPart().profile().ipv6Pool().isEmpty());
        assertThat(scenario.pools.statistics()).filteredOn(pool -> pool.name().equals("single"))
                .allMatch(pool -> pool.used() == 0);
    }

    @Test
    void aChangeOfOneLinkRenumbersItsBundle() {
        Scenario bundle = new Scenario(CONFIGURATION.replace("[ppp]", "[ppp]\nmultilink = true"));
        ScriptedLac lac = bundle.openLac();
        for (int link = 0; link < 2; link++) {
            lac.call(ScriptedLac.multilink().build());
            bundle.pass(2);
        }
        Session further = bundle.table.all().stream().filter(session -> session.seat.holder() != session).findFirst()
                .orElseThrow();
        new SessionAuthorization(bundle.sessions.services()).change(
                named(Optional.of(further.id()), Optional.empty()), pool("many"), answers::add);
        bundle.pass(1);
        assertThat(answers).containsExactly(new DynamicAuthorizationResult.Done(1));
        assertThat(further.networkPart().grant().addresses().ipv6Prefixes()).isEmpty();
        assertThat(further.seat.holder().networkPart().grant().addresses().ipv6Prefixes()).singleElement()
                .matches(IpPrefix.parse("2001:db8:3::/48")::contains);
        assertThat(bundle.pools.statistics()).filteredOn(pool -> pool.name().equals("many"))
                .allMatch(pool -> pool.used() == 1);
    }

    @Test
    void aDisconnectEndsAllSessionsOfAUserAndNobodyElse() {
        open(2);
        radius.disconnect(named(Optional.empty(), Optional.of("bob")), answers::add);
        scenario.pass(7);
        assertThat(answers).containsExactly(new DynamicAuthorizationResult.Done(2));
        assertThat(scenario.table.all()).singleElement().extracting(Session::user).isEqualTo("alice");
    }

    @Test
    void everythingThatNamesASessionMustAgree() {
        open(1);
        String id = scenario.table.ofUser("bob").iterator().next().id();
        radius.disconnect(named(Optional.of(id), Optional.of("alice")), answers::add);
        radius.disconnect(named(Optional.of("nothing"), Optional.empty()), answers::add);
        radius.disconnect(named(Optional.empty(), Optional.empty()), answers::add);
        scenario.pass(1);
        assertThat(answers).containsExactly(
                new DynamicAuthorizationResult.Refused(ErrorCause.SESSION_CONTEXT_NOT_FOUND),
                new DynamicAuthorizationResult.Refused(ErrorCause.SESSION_CONTEXT_NOT_FOUND),
                new DynamicAuthorizationResult.Refused(ErrorCause.MISSING_ATTRIBUTE));
        assertThat(scenario.table.all()).hasSize(2);
    }
}
