package org.lnsd.daemon.config;

/**
 * One key of lnsd.toml: the parser, the default file and the reference are all made from it.
 *
 * @param name in kebab-case
 * @param type how its value is read
 * @param presence whether it must be given
 * @param literal its default as TOML, or an example where it has none
 * @param fallback the value of the default, or the type's placeholder
 * @param effect when a changed value takes effect
 * @param help one line for people
 * @param <T> what the record holds
 */
record Key<T>(String name, ValueType<T> type, Presence presence, String literal, T fallback, Effect effect,
        String help) {

    /** A key with a default, given as TOML. */
    static <T> Key<T> of(String name, ValueType<T> type, String literal, Effect effect, String help) {
        return new Key<>(name, type, Presence.DEFAULT, literal, Literals.read(type, literal), effect, help);
    }

    /** A key that may be left out; the literal is an example. */
    static <T> Key<T> optional(String name, ValueType<T> type, String example, Effect effect, String help) {
        Literals.read(type, example);
        return new Key<>(name, type, Presence.OPTIONAL, example, type.placeholder(), effect, help);
    }

    /** A key that must be given; the literal is an example. */
    static <T> Key<T> required(String name, ValueType<T> type, String example, Effect effect, String help) {
        Literals.read(type, example);
        return new Key<>(name, type, Presence.REQUIRED, example, type.placeholder(), effect, help);
    }
}
