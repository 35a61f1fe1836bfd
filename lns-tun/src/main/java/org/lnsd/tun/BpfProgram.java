package org.lnsd.tun;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program of the kernel's packet filter (classic BPF) in the making: instructions one after the other, and labels instead of counted
 * jumps. There is an accumulator A and an index X. A load past the end of the packet ends the program with 0.
 */
public final class BpfProgram {
    /** Where a jump that goes on with the next instruction goes. */
    public static final Label NEXT = new Label("next");

    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int LOAD_HALF_BEHIND_X = 0x48;
    private static final int SET_X = 0x01;
    private static final int A_TO_X = 0x07;
    private static final int X_TO_A = 0x87;
    private static final int ADD = 0x04;
    private static final int ADD_X = 0x0C;
    private static final int MODULO = 0x94;
    private static final int JUMP_ALWAYS = 0x05;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int RETURN_VALUE = 0x06;
    private static final int RETURN_A = 0x16;
    private static final int FARTHEST = 255;

    /** A place to jump to, further on in the program. */
    public record Label(String name) {}

    /** An instruction as the kernel has it: {@code struct sock_filter}. */
    record Instruction(int code, int whenTrue, int whenFalse, int value) {}

    private record Step(int code, int operand, Label ifTrue, Label ifFalse) {}

    private final List<Step> steps = new ArrayList<>();
    private final Map<Label, Integer> places = new HashMap<>();

    /** A := the octet at this offset. */
    public BpfProgram loadByte(int offsetBytes) {
        return step(LOAD_BYTE, offsetBytes);
    }

    /** A := the 16 bits at this offset, in network order. */
    public BpfProgram loadHalf(int offsetBytes) {
        return step(LOAD_HALF, offsetBytes);
    }

    /** A := the 16 bits this far behind X, in network order. */
    public BpfProgram loadHalfBehindX(int offsetBytes) {
        return step(LOAD_HALF_BEHIND_X, offsetBytes);
    }

    /** A := the 32 bits at this offset, in network order. */
    public BpfProgram loadWord(int offsetBytes) {
        return step(LOAD_WORD, offsetBytes);
    }

    /** X := the value. */
    public BpfProgram setX(int value) { return step(SET_X, value); }

    /** X := A. */
    public BpfProgram copyAToX() { return step(A_TO_X, 0); }

    /** A := X. */
    public BpfProgram copyXToA() { return step(X_TO_A, 0); }

    /** A := A + the value. */
    public BpfProgram add(int value) { return step(ADD, value); }

    /** A := A + X. */
    public BpfProgram addX() { return step(ADD_X, 0); }

    /** A := A modulo the value. */
    public BpfProgram modulo(int value) { return step(MODULO, value); }

    /** Goes on at the label. */
    public BpfProgram jump(Label to) { return add(new Step(JUMP_ALWAYS, 0, to, NEXT)); }

    /** Asks whether A is the value. */
    public BpfProgram ifEqual(int value, Label ifTrue, Label ifFalse) {
        return add(new Step(JUMP_EQUAL, value, ifTrue, ifFalse));
    }

    /** Asks whether A, unsigned, is the value or more. */
    public BpfProgram ifAtLeast(int value, Label ifTrue, Label ifFalse) {
        return add(new Step(JUMP_AT_LEAST, value, ifTrue, ifFalse));
    }

    /** Asks whether A has any of the bits. */
    public BpfProgram ifAnyBit(int bits, Label ifTrue, Label ifFalse) {
        return add(new Step(JUMP_ANY_BIT, bits, ifTrue, ifFalse));
    }

    /** Ends with the value. */
    public BpfProgram returnValue(int value) { return step(RETURN_VALUE, value); }

    /** Ends with A. */
    public BpfProgram returnA() { return step(RETURN_A, 0); }

    /** The label is before the instruction that comes next. */
    public BpfProgram place(Label label) {
        if (label.equals(NEXT) || places.putIfAbsent(label, steps.size()) != null) {
            throw new IllegalStateException("label " + label.name() + " placed twice");
        }
        return this;
    }

    private BpfProgram step(int code, int operand) { return add(new Step(code, operand, NEXT, NEXT)); }

    private BpfProgram add(Step step) {
        steps.add(step);
        return this;
    }

    /**
     * The instructions of what was written so far.
     *
     * @throws IllegalStateException if a label was not placed, or is not further on or too far on for a jump
     */
    List<Instruction> assembled() {
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
        int distance = target.equals(NEXT) ? 0 : places.getOrDefault(target, -1) - next;
        if (distance < 0 || distance > FARTHEST) {
            throw new IllegalStateException("label " + target.name() + " not 0 to " + FARTHEST + " instructions on");
        }
        return distance;
    }
}
