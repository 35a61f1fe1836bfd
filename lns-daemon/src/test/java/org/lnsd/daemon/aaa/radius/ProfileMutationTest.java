package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.ProfileBuilder;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

/** What a RADIUS server writes into attributes, damaged: read, ignored or malformed, and nothing thrown. */
class ProfileMutationTest {
    private static final int MUTATIONS = Integer.getInteger("lnsd.mutations", 50_000);
    private static final List<String> TEXTS = List.of("192.0.2.0/24 0.0.0.0 1", "192.0.2.0 198.51.100.1",
            "2001:db8::/48 :: 1", "20M/5M", "2048k/512k 4M/1M 1M/256k 10/10 8", "ip:sub-qos-policy-out=10M",
            "ip:route=192.0.2.0 255.255.255.0", "ip:addr-pool=gold", "lcp:interface-config#1=rate-limit output 512000",
            "ip:inacl#10=permit ip any any", "clients.in", "gold", "\u00e9\u20ac");
    private static final List<AttributeType> TYPES = List.of(Attributes.FRAMED_ROUTE, Attributes.FRAMED_IPV6_ROUTE,
            Attributes.CISCO_AVPAIR, Attributes.MIKROTIK_RATE_LIMIT, Attributes.FILTER_ID, Attributes.FRAMED_POOL,
            Attributes.FRAMED_IPV6_PREFIX, Attributes.DELEGATED_IPV6_PREFIX, Attributes.FRAMED_IP_ADDRESS,
            Attributes.FRAMED_IPV6_ADDRESS, Attributes.FRAMED_INTERFACE_ID, Attributes.FRAMED_MTU,
            Attributes.SESSION_TIMEOUT, Attributes.PORT_LIMIT, Attributes.WISPR_BANDWIDTH_MAX_UP,
            Attributes.ERX_INGRESS_POLICY_NAME, Attributes.REPLY_MESSAGE, Attributes.CLASS);

    @Test
    void anyAttributeIsReadOrMalformed() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        ProfileReader reader = new ProfileReader();
        long malformed = 0;
        long startNs = System.nanoTime();
        for (int run = 0; run < MUTATIONS; run++) {
            AttributeType type = TYPES.get(random.nextInt(TYPES.size()));
            byte[] value = mutate(TEXTS.get(random.nextInt(TEXTS.size())), random);
            ProfileBuilder profile = new ProfileBuilder();
            try {
                malformed += reader.read(RadiusAttribute.of(type, value), profile) == ProfileReader.Outcome.MALFORMED
                        ? 1
                        : 0;
                assertThat(profile.build()).isNotNull();
            } catch (RuntimeException thrown) {
                throw new AssertionError(type + " seed " + seed + " value \""
                        + new String(value, StandardCharsets.ISO_8859_1) + '"', thrown);
            }
        }
        System.out.printf("RADIUS profile: %d mutations in %.1f s, %d malformed, seed %d%n", MUTATIONS,
                (System.nanoTime() - startNs) / 1e9, malformed, seed);
        assertThat(malformed).isPositive();
    }

    private static byte[] mutate(String text, SplittableRandom random) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        int length = random.nextInt(3) == 0 ? random.nextInt(octets.length + 1) : octets.length;
        byte[] value = java.util.Arrays.copyOf(octets, random.nextInt(6) == 0 ? Math.min(length, 18) : length);
        for (int changes = random.nextInt(3); changes > 0 && value.length > 0; changes--) {
            value[random.nextInt(value.length)] = (byte) (random.nextBoolean()
                    ? "0123456789/.:kMG -=#".charAt(random.nextInt(20))
                    : random.nextInt());
        }
        return value;
    }
}
