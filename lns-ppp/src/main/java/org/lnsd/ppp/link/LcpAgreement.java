package org.lnsd.ppp.link;

import java.util.List;
import java.util.Optional;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/**
 * What LCP agreed on.
 *
 * @param localMru the largest information field the peer may send, octets
 * @param peerMru the largest information field that may be sent to the peer, octets
 * @param authentication how the peer (for a client: we) must authenticate
 * @param localMagic our magic number, 0 if none
 * @param peerMagic the peer's magic number, 0 if none
 * @param sendWithAddressControl frames to the peer carry FF03
 * @param sendProtocolCompressed the protocol field may be sent as one octet
 * @param localMrru RFC 1990 MRRU we offered and the peer took, 0: no multilink
 * @param peerMrru the peer's MRRU, 0: no multilink
 * @param sendShortSequence short sequence numbers are sent to the peer
 * @param receiveShortSequence the peer sends short sequence numbers
 * @param peerEndpointDiscriminator class and address octets, empty if none
 * @param peerAccm characters that whoever writes to an asynchronous line must escape, all bits set if not negotiated
 * @param proxied taken over from the LAC
 */
public record LcpAgreement(int localMru, int peerMru, Optional<AuthenticationProtocol> authentication, int localMagic,
        int peerMagic, boolean sendWithAddressControl, boolean sendProtocolCompressed, int localMrru, int peerMrru,
        boolean sendShortSequence, boolean receiveShortSequence, List<Byte> peerEndpointDiscriminator, int peerAccm,
        boolean proxied) {}
