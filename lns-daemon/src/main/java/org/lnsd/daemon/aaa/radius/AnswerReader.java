package org.lnsd.daemon.aaa.radius;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.ProfileBuilder;
import org.lnsd.daemon.table.SharedValues;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.Dictionary;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the answer to an Access-Request into a verdict. Used on one loop. */
final class AnswerReader {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);
    private static final int REMEMBERED_TYPES = 1000;

    private final ProfileReader profiles = new ProfileReader();
    private final Dictionary dictionary;
    private final Set<AttributeType> toldTypes = new HashSet<>();

    private final boolean keepsRealm;
    /** One profile for those who are told the same: most subscribers are. */
    private final SharedValues shared = new SharedValues();

    /** A reader; {@code keepsRealm}: a name that comes back without its realm is the one that was asked about. */
    AnswerReader(Dictionary dictionary, boolean keepsRealm) {
        this.dictionary = dictionary;
        this.keepsRealm = keepsRealm;
    }

    AccessVerdict read(RadiusPacket answer, String askedUser) {
        if (answer.code().equals(RadiusCode.ACCESS_ACCEPT)) {
            return accept(answer, askedUser);
        }
        if (answer.code().equals(RadiusCode.ACCESS_CHALLENGE)) {
            // RFC 2865 section 4.4: who cannot do challenge/response treats it as a reject.
            return new AccessVerdict.Reject("challenge not supported", Optional.empty());
        }
        return new AccessVerdict.Reject(message(answer),
                answer.first(Attributes.MS_CHAP_ERROR).map(AnswerReader::behindIdentifier));
    }

    private AccessVerdict accept(RadiusPacket answer, String askedUser) {
        ProfileBuilder profile = new ProfileBuilder();
        for (RadiusAttribute attribute : answer.attributes()) {
            switch (profiles.read(attribute, profile)) {
                case UNKNOWN -> tellOnce(attribute, "unknown");
                case MALFORMED -> tellOnce(attribute, "malformed");
                case READ, IGNORED -> {
                    // As it should be.
                }
            }
        }
        String message = message(answer);
        profile.replyMessage(message);
        String user = answer.first(Attributes.USER_NAME).map(RadiusAttribute::asText).filter(name -> !name.isEmpty())
                .filter(name -> !keepsRealm || !askedUser.startsWith(name + "@"))
                .orElse(askedUser);
        Optional<String> success = answer.first(Attributes.MS_CHAP2_SUCCESS).map(AnswerReader::behindIdentifier);
        return new AccessVerdict.Accept(user, shared.same(profile.build()), success, message,
                AccountingSubject.Authentic.RADIUS);
    }

    private void tellOnce(RadiusAttribute attribute, String what) {
        if (toldTypes.size() < REMEMBERED_TYPES && toldTypes.add(attribute.type())) {
            LOG.info("radius-attribute-ignored name={} number={} cause={}", dictionary.nameOf(attribute.type()),
                    attribute.type(), what);
        }
    }

    private static String message(RadiusPacket answer) {
        return answer.all(Attributes.REPLY_MESSAGE).stream().map(RadiusAttribute::asText)
                .collect(Collectors.joining());
    }

    // RFC 2548 sections 2.1.5 and 2.3.3: the text stands behind one octet of identifier.
    private static String behindIdentifier(RadiusAttribute attribute) {
        byte[] value = attribute.value();
        return value.length < 2 ? "" : new String(value, 1, value.length - 1, StandardCharsets.US_ASCII);
    }
}
