package org.lnsd.daemon.forwarding;

import static org.lnsd.tun.BpfProgram.NEXT;

import java.util.function.IntFunction;
import org.lnsd.tun.BpfProgram;
import org.lnsd.tun.BpfProgram.Label;

/**
 * The program in the kernel (classic BPF) that gives each datagram to a socket of the group: control messages and PPP control packets to
 * the first, data to the others by tunnel id.
 *
 * <p>
 * It sees the UDP payload. Loading past its end ends it with 0: the control socket. PPP protocols from 8000 on are network control and link
 * control protocols (RFC 1661 section 2). They go one way whatever the header (RFC 2661 section 3.1), so that those of a session stay in
 * order.
 */
final class SteeringProgram {
    private static final int T_BIT = 0x8000;
    private static final int L_BIT = 0x4000;
    private static final int S_BIT = 0x0800;
    private static final int O_BIT = 0x0200;
    private static final int ADDRESS_AND_CONTROL = 0xFF03;
    private static final int FIRST_CONTROL_PROTOCOL = 0x8000;
    /** Where PPP begins in a header without length, numbers and offset. */
    private static final int PLAIN_PPP_AT = 6;

    private static final Label FIELDS = new Label("fields");
    private static final Label TUNNEL_WITHOUT_LENGTH = new Label("tunnel without length");
    private static final Label CONTROL = new Label("control");

    private final BpfProgram program = new BpfProgram();

    private SteeringProgram() {}

    /** The program for a group with a control socket and {@code threads} others. */
    static BpfProgram of(int threads) {
        SteeringProgram steering = new SteeringProgram();
        steering.decideByFlags();
        steering.findPpp();
        steering.spread(threads);
        return steering.program;
    }

    private void decideByFlags() {
        program.loadHalf(0).ifAnyBit(T_BIT, CONTROL, NEXT).ifAnyBit(L_BIT | S_BIT | O_BIT, FIELDS, NEXT);
        decideByProtocol(program::loadHalf, new Label("plain protocol"));
        program.jump(TUNNEL_WITHOUT_LENGTH);
    }

    /** PPP control packets are the control socket's, with FF03 before the protocol or without. */
    private void decideByProtocol(IntFunction<BpfProgram> load, Label protocol) {
        load.apply(PLAIN_PPP_AT).ifEqual(ADDRESS_AND_CONTROL, NEXT, protocol);
        load.apply(PLAIN_PPP_AT + 2).place(protocol).ifAtLeast(FIRST_CONTROL_PROTOCOL, CONTROL, NEXT);
    }

    /** X: how much later than in the plain header PPP begins. */
    private void findPpp() {
        Label behindLength = new Label("behind length");
        Label behindNumbers = new Label("behind numbers");
        Label ppp = new Label("ppp");
        program.place(FIELDS).setX(0).ifAnyBit(L_BIT, NEXT, behindLength);
        program.setX(2);
        program.place(behindLength).ifAnyBit(S_BIT, NEXT, behindNumbers);
        program.copyXToA().add(4).copyAToX().loadHalf(0);
        program.place(behindNumbers).ifAnyBit(O_BIT, NEXT, ppp);
        program.loadHalfBehindX(PLAIN_PPP_AT).add(2).addX().copyAToX();
        program.place(ppp);
        decideByProtocol(program::loadHalfBehindX, new Label("protocol"));
    }

    /** The tunnel id is at 2, behind a length at 4. */
    private void spread(int threads) {
        Label tunnel = new Label("tunnel");
        program.loadHalf(0).ifAnyBit(L_BIT, NEXT, TUNNEL_WITHOUT_LENGTH);
        program.loadHalf(4).jump(tunnel);
        program.place(TUNNEL_WITHOUT_LENGTH).loadHalf(2);
        program.place(tunnel).modulo(threads).add(1).returnA();
        program.place(CONTROL).returnValue(0);
    }
}
