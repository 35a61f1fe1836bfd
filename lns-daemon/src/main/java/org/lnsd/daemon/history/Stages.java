package org.lnsd.daemon.history;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The few names of stages, each as one octet. Any thread. */
final class Stages {

    private static final int MOST = 255;

    private final List<String> names = new CopyOnWriteArrayList<>(List.of(""));

    /** Returns the number of a name; a new one is learnt while there is room. */
    int number(String name) {
        int known = names.indexOf(name);
        return known >= 0 ? known : learn(name);
    }

    private synchronized int learn(String name) {
        int known = names.indexOf(name);
        if (known >= 0 || names.size() > MOST) {
            return Math.max(0, known);
        }
        names.add(name);
        return names.size() - 1;
    }

    String name(int number) { return names.get(number); }
}
