package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.LinkMonitor.Heard;
import org.lnsd.tun.TunDevice;
import org.lnsd.tun.TunDevice.State;

class DeviceKeeperTest {
    private static final Heard NOTHING = new Heard(false, false, false, false);
    private static final Heard DOWN = new Heard(true, false, false, false);
    private static final Heard ADDRESS = new Heard(false, true, false, false);
    private static final Heard ROUTE = new Heard(false, false, true, false);
    private static final Heard MISSED = new Heard(false, false, false, true);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<String> done = new ArrayList<>();
    private final Fake fake = new Fake();
    private final DeviceKeeper keeper = new DeviceKeeper(fake, (_, _) -> DOWN, fake, fake, 0);
    private long nowNs = 5 * SECOND_NS;

    private void hear(Heard heard) { keeper.step(heard, nowNs); }

    private void pass(long seconds) {
        for (long second = 0; second < seconds; second++) {
            nowNs += SECOND_NS;
            hear(NOTHING);
        }
    }

    @Test
    void aDeviceThatIsWellIsLeftAlone() {
        hear(NOTHING);
        pass(10);
        assertThat(done).isEmpty();
        assertThat(keeper.state()).isEqualTo(State.UP);
    }

    @Test
    void routesThatSomebodyRemovesComeBackOnceASecondAtMost() {
        hear(ROUTE);
        hear(ROUTE);
        assertThat(done).containsExactly("addresses", "routes 7");
        pass(1);
        assertThat(done).hasSize(4);
        pass(3);
        assertThat(done).hasSize(4);
    }

    @Test
    void deletedItIsMadeAnewBeforeAddressesAndRoutes() {
        fake.state = State.GONE;
        hear(DOWN);
        assertThat(done).containsExactly("pause", "changed", "recreate", "addresses", "resume", "changed", "routes 8");
        assertThat(keeper.deletions()).isEqualTo(1);
        assertThat(keeper.downs()).isZero();
        pass(3);
        assertThat(done).as("what was heard of its making is no news").hasSize(7);
    }

    @Test
    void whatCannotBeMadeIsTriedEachSecondAndGivenUpAfterAMinute() {
        fake.state = State.GONE;
        fake.refuses = true;
        hear(DOWN);
        pass(59);
        assertThat(keeper.state()).isEqualTo(State.GONE);
        assertThat(done).startsWith("pause", "changed", "recreate").doesNotContain("lost")
                .hasSize(2 + 60);
        pass(5);
        assertThat(done).filteredOn("lost"::equals).hasSize(1);
        assertThat(keeper.deletions()).isEqualTo(1);
    }

    @Test
    void whatIsRefusedForAWhileComesBack() {
        fake.state = State.GONE;
        fake.refuses = true;
        hear(DOWN);
        pass(3);
        fake.refuses = false;
        pass(1);
        assertThat(done).endsWith("recreate", "addresses", "resume", "changed", "routes 8");
        assertThat(keeper.state()).isEqualTo(State.UP);
    }

    @Test
    void downItWaitsAndUpAgainItGetsWhatTheKernelForgot() {
        fake.state = State.DOWN;
        hear(DOWN);
        pass(2);
        assertThat(done).containsExactly("changed");
        assertThat(keeper.state()).isEqualTo(State.DOWN);
        fake.state = State.UP;
        hear(NOTHING);
        pass(1);
        assertThat(done).containsExactly("changed", "addresses", "changed", "routes 7");
        assertThat(keeper.downs()).isEqualTo(1);
    }

    @Test
    void aMomentThatNobodySawIsMendedToo() {
        hear(DOWN);
        assertThat(done).containsExactly("addresses", "routes 7");
        assertThat(keeper.downs()).isEqualTo(1);
        nowNs += 2 * SECOND_NS;
        hear(ADDRESS);
        nowNs += 2 * SECOND_NS;
        hear(MISSED);
        assertThat(done).hasSize(6);
        assertThat(keeper.downs()).isEqualTo(1);
        assertThat(keeper.restorations()).isEqualTo(3);
    }

    @Test
    void aStormIsMendedOnceASecond() {
        for (int i = 0; i < 1000; i++) {
            hear(DOWN);
            nowNs += SECOND_NS / 100;
        }
        pass(2);
        assertThat(keeper.restorations()).isBetween(10L, 11L);
        assertThat(done).endsWith("addresses", "routes 7");
    }

    @Test
    void anAddressThatIsRefusedIsTriedAgain() {
        fake.refusesAddresses = true;
        hear(ADDRESS);
        pass(2);
        assertThat(keeper.restorations()).isZero();
        fake.refusesAddresses = false;
        pass(1);
        assertThat(done).containsExactly("addresses", "addresses", "addresses", "addresses", "routes 7");
    }

    @Test
    void afterTheEndNothingIsTouched() {
        keeper.close();
        fake.state = State.GONE;
        hear(DOWN);
        assertThat(done).isEmpty();
    }

    /** Device, routes and owner that note what is asked of them. */
    private final class Fake implements KeptDevice, KernelRoutes, DeviceKeeper.Owner {
        private State state = State.UP;
        private int index = 7;
        private boolean refuses;
        private boolean refusesAddresses;

        @Override
        public boolean isUnderWay(IpPrefix prefix) { return false; }

        @Override
        public void afterwards(Runnable then) { then.run(); }

        @Override
        public int netlinkPort() { return 0; }

        @Override
        public String name() { return "lns0"; }

        @Override
        public int index() { return index; }

        @Override
        public State state() { return state; }

        @Override
        public void pause() { done.add("pause"); }

        @Override
        public void recreate() {
            done.add("recreate");
            refuse(refuses);
            index++;
            state = State.UP;
        }

        @Override
        public void resume() { done.add("resume"); }

        @Override
        public void putAddresses() {
            done.add("addresses");
            refuse(refusesAddresses);
        }

        private static void refuse(boolean refused) {
            if (refused) { // a name that is too long is the exception that needs no kernel
                TunDevice _ = TunDevice.create("sixteen-letters-", 1, true);
            }
        }

        @Override
        public void changed() { done.add("changed"); }

        @Override
        public void lost(String why) { done.add("lost"); }

        @Override
        public void renew(int interfaceIndex, IntConsumer counted) { done.add("routes " + interfaceIndex); }

        @Override
        public void add(IpPrefix prefix) {}

        @Override
        public void remove(IpPrefix prefix) {}

        @Override
        public List<IpPrefix> installed() { return List.of(); }

        @Override
        public long failures() { return 0; }

        @Override
        public void close(boolean removeAll, long timeoutNs) {}
    }
}
