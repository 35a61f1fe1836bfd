package org.lnsd.daemon.snmp;

import java.util.Optional;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Objects with one prefix in common. */
interface Subtree {

    /** What all its objects begin with. */
    OID prefix();

    /** The value of exactly this instance. */
    Optional<Variable> get(OID instance);

    /** The first instance behind this one, whatever that is. */
    Optional<VariableBinding> next(OID after);
}
