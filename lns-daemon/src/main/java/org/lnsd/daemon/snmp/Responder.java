package org.lnsd.daemon.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.lnsd.daemon.config.SnmpConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Answers Get, GetNext and GetBulk (RFC 3416 section 4.2); who may ask: the community, and the user with authentication and privacy. */
final class Responder implements CommandResponder {

    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
    private static final int MAXIMUM_BINDINGS = 1000;
    private static final int MAXIMUM_ASKED = 200;
    private static final int HEADROOM_OCTETS = 200; // the message around the bindings

    private final SnmpConfig config;
    private final Mib mib;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    Responder(SnmpConfig config, Mib mib) {
        this.config = config;
        this.mib = mib;
    }

    /** Requests that were answered. */
    long answered() { return answered.get(); }

    /** Requests of nobody who may ask. */
    long refused() { return refused.get(); }

    @Override
    public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
        event.setProcessed(true);
        PDU request = event.getPDU();
        if (request == null || !isQuestion(request.getType())) {
            return;
        }
        boolean allowed = mayAsk(event);
        (allowed ? answered : refused).incrementAndGet();
        if (!allowed && event.getSecurityModel() == SecurityModel.SECURITY_MODEL_SNMPv2c) {
            return; // RFC 3584 section 5.2.1: an unknown community gets no answer
        }
        try {
            reply(event, allowed
                    ? answer(request, event.getMaxSizeResponsePDU())
                    : error(request, PDU.authorizationError));
        } catch (MessageException gone) {
            LOG.debug("snmp-reply-failed cause=\"{}\"", gone.getMessage());
        } catch (RuntimeException defect) {
            // The boundary of a request: a defect costs its answer and nothing else.
            LOG.error("internal-error class=bug part=snmp", defect);
        }
    }

    private static boolean isQuestion(int type) {
        return type == PDU.GET || type == PDU.GETNEXT || type == PDU.GETBULK || type == PDU.SET;
    }

    private boolean mayAsk(CommandResponderEvent<?> event) {
        byte[] name = event.getSecurityName();
        return switch (event.getSecurityModel()) {
            case SecurityModel.SECURITY_MODEL_SNMPv2c ->
                config.community().map(known -> MessageDigest.isEqual(known.bytes(), name)).orElse(false);
            case SecurityModel.SECURITY_MODEL_USM -> event.getSecurityLevel() == SecurityLevel.AUTH_PRIV
                    && config.user().map(user -> MessageDigest.isEqual(user.getBytes(UTF_8), name)).orElse(false);
            default -> false;
        };
    }

    private PDU answer(PDU request, int maximumOctets) {
        int room = maximumOctets - HEADROOM_OCTETS;
        if (request.size() > MAXIMUM_ASKED) {
            return error(request, PDU.tooBig);
        }
        return switch (request.getType()) {
            case PDU.GET -> whole(request, request.getVariableBindings().stream().map(this::get).toList(), room);
            case PDU.GETNEXT ->
                whole(request, request.getVariableBindings().stream().map(asked -> next(asked.getOid())).toList(),
                        room);
            case PDU.GETBULK -> response(request, bulk(request, room));
            default -> error(request, PDU.notWritable);
        };
    }

    private VariableBinding get(VariableBinding asked) {
        OID oid = asked.getOid();
        Optional<Variable> value = mib.get(oid);
        return new VariableBinding(oid,
                value.orElse(mib.knows(oid) ? Null.noSuchInstance : Null.noSuchObject));
    }

    private VariableBinding next(OID after) {
        return mib.next(after).orElse(new VariableBinding(after, Null.endOfMibView));
    }

    // RFC 3416 section 4.2.3: what does not fit is left out, the asker goes on from there.
    private List<VariableBinding> bulk(PDU request, int room) {
        List<VariableBinding> found = new ArrayList<>();
        List<OID> repeaters = new ArrayList<>();
        int single = Math.clamp(request.getNonRepeaters(), 0, request.size());
        int octets = 0;
        for (int i = 0; i < request.size(); i++) {
            if (i < single) {
                found.add(next(request.get(i).getOid()));
                octets += found.getLast().getBERLength();
            } else {
                repeaters.add(request.get(i).getOid());
            }
        }
        for (int round = 0; round < request.getMaxRepetitions() && !repeaters.isEmpty(); round++) {
            boolean more = false;
            for (int i = 0; i < repeaters.size(); i++) {
                VariableBinding binding = next(repeaters.get(i));
                octets += binding.getBERLength();
                if (octets > room || found.size() >= MAXIMUM_BINDINGS) {
                    return found;
                }
                found.add(binding);
                repeaters.set(i, binding.getOid());
                more |= !binding.isException();
            }
            if (!more) {
                return found;
            }
        }
        return found;
    }

    private static PDU whole(PDU request, List<VariableBinding> bindings, int room) {
        int octets = bindings.stream().mapToInt(VariableBinding::getBERLength).sum();
        return octets > room ? error(request, PDU.tooBig) : response(request, bindings);
    }

    private static PDU response(PDU request, List<VariableBinding> bindings) {
        PDU response = empty(request);
        response.addAll(bindings);
        return response;
    }

    private static PDU error(PDU request, int status) {
        PDU response = status == PDU.tooBig ? empty(request) : (PDU) request.clone();
        response.setType(PDU.RESPONSE);
        response.setErrorStatus(status);
        response.setErrorIndex(status == PDU.notWritable ? 1 : 0);
        return response;
    }

    private static PDU empty(PDU request) {
        PDU response = (PDU) request.clone();
        response.setType(PDU.RESPONSE);
        response.clear();
        response.setRequestID(request.getRequestID());
        response.setErrorStatus(SnmpConstants.SNMP_ERROR_SUCCESS);
        response.setErrorIndex(0);
        return response;
    }

    private static <A extends Address> void reply(CommandResponderEvent<A> event, PDU response)
            throws MessageException {
        event.getMessageDispatcher().returnResponsePdu(event.getMessageProcessingModel(), event.getSecurityModel(),
                event.getSecurityName(), event.getSecurityLevel(), response, event.getMaxSizeResponsePDU(),
                event.getStateReference(), new StatusInformation());
    }
}
