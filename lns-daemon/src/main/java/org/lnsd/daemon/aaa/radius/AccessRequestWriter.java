package org.lnsd.daemon.aaa.radius;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.SubscriberCredentials;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.client.RadiusRequest;

/** Writes Access-Requests. */
final class AccessRequestWriter {
    private static final int MAXIMUM_TEXT_BYTES = 253;
    private static final int MAXIMUM_PASSWORD_BYTES = 128;

    private final NasIdentity nas;

    AccessRequestWriter(NasIdentity nas) { this.nas = nas; }

    /** The request for a subscriber, asked for under the name {@code user}. */
    RadiusRequest write(AccessRequest request, String user) {
        List<RadiusAttribute> attributes = new ArrayList<>(32);
        attributes.add(RadiusAttribute.text(Attributes.USER_NAME, user));
        addCredentials(attributes, request.credentials());
        nas.addTo(attributes);
        SessionAttributes.addTo(attributes, request.session());
        // RFC 2865 section 5.24
        request.state().ifPresent(state -> attributes.add(RadiusAttribute.of(Attributes.STATE, state)));
        Optional<byte[]> password = request.credentials() instanceof SubscriberCredentials.Pap pap
                ? Optional.of(pap.password())
                : Optional.empty();
        return new RadiusRequest(RadiusCode.ACCESS_REQUEST, attributes, password, 0);
    }

    /**
     * Returns why RADIUS cannot be asked about what a subscriber, or a LAC on its behalf, has shown: a text has an octet at least, and what
     * has no room would be something else if it were cut (RFC 2865 sections 5, 5.1, 5.2 and 5.40).
     */
    static Optional<String> objection(SubscriberCredentials credentials) {
        if (credentials.user().isEmpty()) {
            return Optional.of("no user name");
        }
        return fits(credentials) ? Optional.empty() : Optional.of("name, password or challenge too long");
    }

    private static boolean fits(SubscriberCredentials credentials) {
        boolean name = credentials.user().getBytes(StandardCharsets.UTF_8).length <= MAXIMUM_TEXT_BYTES;
        return name && switch (credentials) {
            case SubscriberCredentials.Pap pap -> pap.password().length <= MAXIMUM_PASSWORD_BYTES;
            case SubscriberCredentials.Chap chap -> chap.challenge().length <= MAXIMUM_TEXT_BYTES
                    && chap.response().length < MAXIMUM_TEXT_BYTES;
            case SubscriberCredentials.MsChapV2 _ -> true;
        };
    }

    private static void addCredentials(List<RadiusAttribute> attributes, SubscriberCredentials credentials) {
        switch (credentials) {
            case SubscriberCredentials.Pap _ -> {
                // The password is hidden with the secret of the server that is asked.
            }
            case SubscriberCredentials.Chap chap -> {
                attributes.add(RadiusAttribute.of(Attributes.CHAP_PASSWORD,
                        identified(chap.identifier(), chap.response())));
                attributes.add(RadiusAttribute.of(Attributes.CHAP_CHALLENGE, chap.challenge()));
            }
            case SubscriberCredentials.MsChapV2 response -> {
                attributes.add(
                        RadiusAttribute.of(Attributes.MS_CHAP_CHALLENGE, response.authenticatorChallenge()));
                attributes.add(RadiusAttribute.of(Attributes.MS_CHAP2_RESPONSE, msChap2Response(response)));
            }
        }
    }

    private static byte[] identified(int identifier, byte[] value) {
        byte[] octets = new byte[1 + value.length];
        octets[0] = (byte) identifier;
        System.arraycopy(value, 0, octets, 1, value.length);
        return octets;
    }

    // RFC 2548 section 2.3.2: identifier, flags, peer challenge, eight zero octets, response
    private static byte[] msChap2Response(SubscriberCredentials.MsChapV2 response) {
        byte[] octets = new byte[50];
        octets[0] = (byte) response.identifier();
        octets[1] = (byte) response.flags();
        System.arraycopy(response.peerChallenge(), 0, octets, 2, 16);
        System.arraycopy(response.ntResponse(), 0, octets, 26, 24);
        return octets;
    }
}
