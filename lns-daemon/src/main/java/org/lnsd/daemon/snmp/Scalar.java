package org.lnsd.daemon.snmp;

import java.util.Optional;
import java.util.function.Supplier;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * One value.
 *
 * @param prefix the object; its only instance has a zero behind it
 * @param value reads it
 */
record Scalar(OID prefix, Supplier<Variable> value) implements Subtree {

    private OID instance() { return new OID(prefix.getValue(), new int[]{0}); }

    @Override
    public Optional<Variable> get(OID wanted) {
        return wanted.equals(instance()) ? Optional.of(value.get()) : Optional.empty();
    }

    @Override
    public Optional<VariableBinding> next(OID after) {
        return after.compareTo(instance()) < 0
                ? Optional.of(new VariableBinding(instance(), value.get()))
                : Optional.empty();
    }
}
