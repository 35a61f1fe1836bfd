package org.lnsd.daemon.control;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The commands of one level of the tree, of which only those are made that a request can mean: the whole tree is half a
 * megabyte of objects read from annotations, and a client that does not read keeps them.
 */
final class Menu {

    private static final List<String> NOTHING = List.of(" ");

    private final CommandLine parent;
    private final List<String> wanted;

    private Menu(CommandLine parent, List<String> wanted) {
        this.parent = parent;
        this.wanted = wanted;
    }

    /**
     * A menu below the command.
     *
     * @param wanted the words of the request from this level on, perhaps abbreviated; empty: all commands are wanted
     */
    static Menu of(CommandLine parent, List<String> wanted) { return new Menu(parent, wanted); }

    /** Adds a command if it can be meant. */
    void add(String name, Supplier<?> command) {
        if (isWanted(name)) {
            parent.addSubcommand(name, command.get());
        }
    }

    /** Adds a command that has commands of its own, and returns the menu of these. */
    Menu group(String name, String description) {
        if (!isWanted(name)) {
            return new Menu(parent, NOTHING);
        }
        CommandLine group = new CommandLine(new Commands.Group());
        group.getCommandSpec().usageMessage().description(description);
        parent.addSubcommand(name, group);
        return new Menu(group, wanted.isEmpty() ? wanted : wanted.subList(1, wanted.size()));
    }

    private boolean isWanted(String name) { return wanted.isEmpty() || name.startsWith(wanted.getFirst()); }
}
