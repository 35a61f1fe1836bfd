package org.lnsd.daemon.snmp;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** All objects of the agent in their order. No prefix is the beginning of another. */
final class Mib {

    private final NavigableMap<OID, Subtree> subtrees = new TreeMap<>();

    Mib(List<? extends Subtree> all) { all.forEach(subtree -> subtrees.put(subtree.prefix(), subtree)); }

    /** The value of an instance. */
    Optional<Variable> get(OID instance) {
        Map.Entry<OID, Subtree> at = subtrees.floorEntry(instance);
        return at == null ? Optional.empty() : at.getValue().get(instance);
    }

    /** Whether the object exists, with other instances (RFC 3416 section 4.2.1: noSuchInstance, not noSuchObject). */
    boolean knows(OID instance) {
        Map.Entry<OID, Subtree> at = subtrees.floorEntry(instance);
        return at != null && instance.startsWith(at.getKey());
    }

    /** The first instance behind this one. */
    Optional<VariableBinding> next(OID after) {
        Map.Entry<OID, Subtree> at = subtrees.floorEntry(after);
        at = at == null ? subtrees.firstEntry() : at;
        while (at != null) {
            Optional<VariableBinding> found = at.getValue().next(after);
            if (found.isPresent()) {
                return found;
            }
            at = subtrees.higherEntry(at.getKey());
        }
        return Optional.empty();
    }
}
