package org.lnsd.daemon.aaa;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is said of a line beside rates and filters; what is empty is not said.
 *
 * @param garden           name of the walled garden that it is in; an empty text: in none
 * @param suspended        whether nothing passes
 * @param packetsPerSecond packets that may come from the subscriber a second; 0: any number
 * @param intercept        where copies of its packets go, as {@code ADDRESS:PORT}; an empty text: nowhere
 * @param volumeBytes      octets both ways after which the volume limit of {@code [ppp]} takes place; 0: none
 */
public record LineRules(Optional<String> garden, Optional<Boolean> suspended, OptionalInt packetsPerSecond,
        Optional<String> intercept, OptionalLong volumeBytes) {
    /** Nothing is said. */
    public static final LineRules NONE = new LineRules(Optional.empty(), Optional.empty(), OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty());

    /** Into the garden of that name, or out of it when the name is empty. */
    public static LineRules ofGarden(String name) {
        return new LineRules(Optional.of(name), Optional.empty(), OptionalInt.empty(), Optional.empty(),
                OptionalLong.empty());
    }

    /** Nothing passes from now on, or it does again. */
    public static LineRules ofSuspended(boolean suspended) {
        return new LineRules(Optional.empty(), Optional.of(suspended), OptionalInt.empty(), Optional.empty(),
                OptionalLong.empty());
    }

    /** So many packets a second, 0: any number. */
    public static LineRules ofPacketsPerSecond(int limit) {
        return new LineRules(Optional.empty(), Optional.empty(), OptionalInt.of(limit), Optional.empty(),
                OptionalLong.empty());
    }

    /** So many octets both ways, 0: any number. */
    public static LineRules ofVolume(long bytes) {
        return new LineRules(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(),
                OptionalLong.of(bytes));
    }

    /** Copies of its packets go there. */
    public static LineRules ofIntercept(String target) {
        return new LineRules(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of(target),
                OptionalLong.empty());
    }

    /** These rules with what the others say in place of it. */
    public LineRules with(LineRules others) {
        return new LineRules(others.garden.or(() -> garden), others.suspended.or(() -> suspended),
                others.packetsPerSecond.isPresent() ? others.packetsPerSecond : packetsPerSecond,
                others.intercept.or(() -> intercept),
                others.volumeBytes.isPresent() ? others.volumeBytes : volumeBytes);
    }

    /** The garden that the line is in. */
    public Optional<String> gardenName() {
        return garden.filter(name -> !name.isEmpty());
    }
}
