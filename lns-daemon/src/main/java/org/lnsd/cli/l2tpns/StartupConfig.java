package org.lnsd.cli.l2tpns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lnsd.daemon.net.IpAddresses;

/** A startup-config that has been read. Who takes a variable has seen to it; what nobody took is left over. */
final class StartupConfig {

    private final Map<String, Statement> variables = new LinkedHashMap<>();
    private final Map<String, List<Statement>> accessLists = new LinkedHashMap<>();
    private final List<Statement> plugins = new ArrayList<>();
    private final List<Statement> others = new ArrayList<>();

    StartupConfig(String file, List<String> lines) {
        String accessList = "";
        for (int i = 0; i < lines.size(); i++) {
            Statement statement = new Statement(file, i + 1, Statement.split(lines.get(i)));
            String first = statement.word(0);
            if (first.isEmpty() || first.startsWith("#") || first.startsWith("!")) {
                continue;
            }
            boolean isRule = first.equals("permit") || first.equals("deny");
            if (isRule && !accessList.isEmpty()) {
                accessLists.getOrDefault(accessList, others).add(statement);
            } else {
                accessList = take(statement);
            }
        }
    }

    /** Returns the access list that the next lines belong to; empty: none. */
    private String take(Statement statement) {
        switch (statement.word(0) + " " + statement.word(1)) {
            case "ip access-list" -> {
                accessLists.put(statement.word(3), new ArrayList<>());
                return statement.word(3);
            }
            case "no ip" -> accessLists.remove(statement.word(4));
            case "load plugin" -> plugins.add(statement);
            case "remove plugin" -> plugins.removeIf(loaded -> loaded.word(2).equals(statement.word(2)));
            default -> {
                if (statement.word(0).equals("set") && !statement.word(1).isEmpty()) {
                    variables.put(statement.word(1), statement);
                } else {
                    others.add(statement);
                }
            }
        }
        return "";
    }

    /** The variable's text. Taken, and so is what a later call asks for again. */
    Optional<String> text(String variable) {
        return Optional.ofNullable(variables.get(variable)).map(set -> set.from(2));
    }

    /** The variable's text, where it has one; then it is taken. */
    Optional<Statement> take(String variable) {
        return Optional.ofNullable(variables.remove(variable));
    }

    /** The address that the variable names, where it is one and not 0.0.0.0 or ::. Taken unless it is no address. */
    Optional<String> address(String variable) {
        Optional<String> address = text(variable).flatMap(IpAddresses::parse)
                .map(parsed -> parsed.isAnyLocalAddress() ? "" : IpAddresses.format(parsed));
        address.ifPresent(_ -> variables.remove(variable));
        return address.filter(text -> !text.isEmpty());
    }

    /** The number that the variable has, where it is one; then it is taken. */
    Optional<Long> number(String variable) {
        Optional<Long> number = text(variable).filter(text -> text.matches("[0-9]{1,9}")).map(Long::valueOf);
        number.ifPresent(_ -> variables.remove(variable));
        return number;
    }

    /** Yes or no, where the variable says either; then it is taken. */
    Optional<Boolean> flag(String variable) {
        Optional<Boolean> flag = text(variable).flatMap(text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "true", "1" -> Optional.of(true);
            case "no", "false", "0" -> Optional.of(false);
            default -> Optional.empty();
        });
        flag.ifPresent(_ -> variables.remove(variable));
        return flag;
    }

    /** The variables that nobody took. */
    List<Statement> leftVariables() { return List.copyOf(variables.values()); }

    /** The access lists with their rules. */
    Map<String, List<Statement>> accessLists() { return accessLists; }

    /** The plugins that are loaded. */
    List<Statement> plugins() { return plugins; }

    /** All lines of other kinds: BGP, forwards. */
    List<Statement> others() { return others; }
}
