package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.lnsd.tun.UdpSocket.Instruction;

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
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_HALF_BEHIND_X = 0x48;
    private static final int SET_X = 0x01;
    private static final int A_TO_X = 0x07;
    private static final int X_TO_A = 0x87;
    private static final int ADD = 0x04;
    private static final int ADD_X = 0x0C;
    private static final int MODULO = 0x94;
    private static final int JUMP_ALWAYS = 0x05;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_GREATER_EQUAL = 0x35;
    private static final int JUMP_BITS = 0x45;
    private static final int RETURN_VALUE = 0x06;
    private static final int RETURN_A = 0x16;

    private static final int T_BIT = 0x8000;
    private static final int L_BIT = 0x4000;
    private static final int S_BIT = 0x0800;
    private static final int O_BIT = 0x0200;
    private static final int ADDRESS_AND_CONTROL = 0xFF03;
    private static final int FIRST_CONTROL_PROTOCOL = 0x8000;
    /** Where PPP begins in a header without length, numbers and offset. */
    private static final int PLAIN_PPP_AT = 6;

    private enum Label {
        NEXT,
        PLAIN_PROTOCOL,
        FIELDS,
        BEHIND_LENGTH,
        BEHIND_NUMBERS,
        PPP,
        PROTOCOL,
        TUNNEL_WITHOUT_LENGTH,
        TUNNEL,
        CONTROL
    }

    private record Step(int code, int operand, Label ifTrue, Label ifFalse) {}

    private final List<Step> steps = new ArrayList<>();
    private final Map<Label, Integer> places = new EnumMap<>(Label.class);

    private SteeringProgram() {}

    /** The program for a group with a control socket and {@code threads} others. */
    static List<Instruction> of(int threads) {
        SteeringProgram program = new SteeringProgram();
        program.decideByFlags();
        program.findPpp();
        program.spread(threads);
        return program.assembled();
    }

    private void decideByFlags() {
        step(LOAD_HALF, 0);
        jump(JUMP_BITS, T_BIT, Label.CONTROL, Label.NEXT);
        jump(JUMP_BITS, L_BIT | S_BIT | O_BIT, Label.FIELDS, Label.NEXT);
        decideByProtocol(LOAD_HALF, Label.PLAIN_PROTOCOL);
        jump(JUMP_ALWAYS, 0, Label.TUNNEL_WITHOUT_LENGTH, Label.NEXT);
    }

    /** PPP control packets are the control socket's, with FF03 before the protocol or without. */
    private void decideByProtocol(int load, Label protocol) {
        step(load, PLAIN_PPP_AT);
        jump(JUMP_EQUAL, ADDRESS_AND_CONTROL, Label.NEXT, protocol);
        step(load, PLAIN_PPP_AT + 2);
        place(protocol);
        jump(JUMP_GREATER_EQUAL, FIRST_CONTROL_PROTOCOL, Label.CONTROL, Label.NEXT);
    }

    /** X: how much later than in the plain header PPP begins. */
    private void findPpp() {
        place(Label.FIELDS);
        step(SET_X, 0);
        jump(JUMP_BITS, L_BIT, Label.NEXT, Label.BEHIND_LENGTH);
        step(SET_X, 2);
        place(Label.BEHIND_LENGTH);
        jump(JUMP_BITS, S_BIT, Label.NEXT, Label.BEHIND_NUMBERS);
        step(X_TO_A, 0);
        step(ADD, 4);
        step(A_TO_X, 0);
        step(LOAD_HALF, 0);
        place(Label.BEHIND_NUMBERS);
        jump(JUMP_BITS, O_BIT, Label.NEXT, Label.PPP);
        step(LOAD_HALF_BEHIND_X, PLAIN_PPP_AT);
        step(ADD, 2);
        step(ADD_X, 0);
        step(A_TO_X, 0);
        place(Label.PPP);
        decideByProtocol(LOAD_HALF_BEHIND_X, Label.PROTOCOL);
    }

    /** The tunnel id is at 2, behind a length at 4. */
    private void spread(int threads) {
        step(LOAD_HALF, 0);
        jump(JUMP_BITS, L_BIT, Label.NEXT, Label.TUNNEL_WITHOUT_LENGTH);
        step(LOAD_HALF, 4);
        jump(JUMP_ALWAYS, 0, Label.TUNNEL, Label.NEXT);
        place(Label.TUNNEL_WITHOUT_LENGTH);
        step(LOAD_HALF, 2);
        place(Label.TUNNEL);
        step(MODULO, threads);
        step(ADD, 1);
        step(RETURN_A, 0);
        place(Label.CONTROL);
        step(RETURN_VALUE, 0);
    }

    private void step(int code, int operand) { jump(code, operand, Label.NEXT, Label.NEXT); }

    private void jump(int code, int operand, Label ifTrue, Label ifFalse) {
        steps.add(new Step(code, operand, ifTrue, ifFalse));
    }

    private void place(Label label) { places.put(label, steps.size()); }

    private List<Instruction> assembled() {
        List<Instruction> instructions = new ArrayList<>();
        for (Step step : steps) {
            int next = instructions.size() + 1;
            int ifTrue = distance(next, step.ifTrue);
            instructions.add(step.code == JUMP_ALWAYS
                    ? new Instruction(JUMP_ALWAYS, 0, 0, ifTrue)
                    : new Instruction(step.code, ifTrue, distance(next, step.ifFalse), step.operand));
        }
        return List.copyOf(instructions);
    }

    /** Jumps count from the next instruction. */
    private int distance(int next, Label target) {
        return target == Label.NEXT ? 0 : Objects.requireNonNull(places.get(target), target.name()) - next;
    }
}
