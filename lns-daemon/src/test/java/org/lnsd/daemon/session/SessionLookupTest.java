package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.ResultCode;

/** Operators name a session by its id, its user or an address of it. */
class SessionLookupTest {
    private final Scenario scenario = new Scenario();

    @Test
    void aSessionIsFoundByEachOfItsNamesUntilItEnds() {
        ScriptedLac lac = scenario.openLac();
        Subscriber alice = lac.call("alice", "secret");
        lac.call("bob", "b");
        scenario.pass(2);
        SessionTable table = scenario.sessions.services().table();
        Session session = table.ofUser("alice").iterator().next();
        String address = session.networks().getFirst().address().getHostAddress();
        assertThat(table.named(session.id())).containsExactly(session);
        assertThat(table.named("alice")).containsExactly(session);
        assertThat(table.named(address)).containsExactly(session);
        assertThat(table.named(address + "/32")).containsExactly(session);
        assertThat(table.named("100.64.63.254")).isEmpty();
        lac.hangUp(alice, ResultCode.CDN_LOST_CARRIER);
        scenario.pass(2);
        assertThat(table.named(address)).isEmpty();
        assertThat(table.named("alice")).isEmpty();
    }
}
