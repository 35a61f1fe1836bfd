package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lnsd.tun.BpfProgram.Instruction;
import org.lnsd.tun.BpfProgram.Label;

/** What the kernel makes of the instructions, {@link UdpSocketTest} and {@link TunDeviceTest} show. */
class BpfProgramTest {
    private static final Label THERE = new Label("there");

    private static BpfProgram far(int instructions) {
        BpfProgram program = new BpfProgram().ifEqual(7, BpfProgram.NEXT, THERE);
        for (int i = 0; i < instructions; i++) {
            program.add(1);
        }
        return program.place(THERE).returnA();
    }

    @Test
    void jumpsAreCountedFromTheNextInstruction() {
        assertThat(far(0).assembled()).containsExactly(new Instruction(0x15, 0, 0, 7), new Instruction(0x16, 0, 0, 0));
        assertThat(far(3).assembled()).startsWith(new Instruction(0x15, 0, 3, 7)).hasSize(5);
        assertThat(new BpfProgram().jump(THERE).addX().place(THERE).returnValue(9).assembled()).containsExactly(
                new Instruction(0x05, 0, 0, 1), new Instruction(0x0C, 0, 0, 0), new Instruction(0x06, 0, 0, 9));
    }

    @Test
    void jumpsThatTheKernelHasNoRoomForAreRefused() {
        assertThat(far(255).assembled()).startsWith(new Instruction(0x15, 0, 255, 7));
        BpfProgram tooFar = far(256);
        assertThatThrownBy(tooFar::assembled).isInstanceOf(IllegalStateException.class).hasMessageContaining("there");
    }

    @Test
    void labelsStandOnceAndFurtherOn() {
        BpfProgram nowhere = new BpfProgram().jump(THERE).returnA();
        assertThatThrownBy(nowhere::assembled).isInstanceOf(IllegalStateException.class).hasMessageContaining("there");
        BpfProgram back = new BpfProgram().place(THERE).copyAToX().jump(THERE).returnA();
        assertThatThrownBy(back::assembled).isInstanceOf(IllegalStateException.class).hasMessageContaining("there");
        assertThatThrownBy(() -> far(1).place(THERE)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("twice");
    }
}
