package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lnsd.ppp.fsm.Verdict;
import org.lnsd.ppp.option.Option;

class Ipv6cpPolicyTest {
    private static final long WANTED = 0x0200_0000_0000_0042L;

    private static Option identifier(long value) { return Option.of64(Ipv6cpPolicy.INTERFACE_IDENTIFIER, value); }

    private static Ipv6cpPolicy policy(long peerInterfaceId) {
        return new Ipv6cpPolicy(new NetworkSettings.Ipv6(0, peerInterfaceId), new Random(1));
    }

    @Test
    void assignedInterfaceIdentifierIsAsked() { // RFC 3162 section 2.2, RFC 5072 section 4.1
        Ipv6cpPolicy policy = policy(WANTED);
        assertThat(policy.judge(identifier(0x77))).isEqualTo(new Verdict.Nak(identifier(WANTED)));
        assertThat(policy.judge(identifier(0))).isEqualTo(new Verdict.Nak(identifier(WANTED)));
        assertThat(policy.missing(List.of())).containsExactly(identifier(WANTED));
        assertThat(policy.judge(identifier(WANTED))).isEqualTo(Verdict.ACK);
        policy.onNak(List.of(identifier(WANTED))); // the peer would have us take what it is to have
        assertThat(policy.request().getFirst().number(8)).isNotEqualTo(WANTED).isNotZero();
    }

    @Test
    void anyOtherIdentifierIsTakenWhereNoneIsAssigned() { // RFC 5072 section 4.1
        Ipv6cpPolicy policy = policy(0);
        assertThat(policy.judge(identifier(0x77))).isEqualTo(Verdict.ACK);
        long ours = policy.request().getFirst().number(8);
        assertThat(policy.judge(identifier(ours))).isInstanceOf(Verdict.Nak.class);
        policy.onNak(List.of(identifier(0x99)));
        assertThat(policy.request()).containsExactly(identifier(0x99));
    }
}
