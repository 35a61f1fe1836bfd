package org.lnsd.ppp.multilink;

/**
 * How a bundle works.
 *
 * @param receiveFormat what the peer sends
 * @param sendFormat what the peer takes
 * @param localMrru the largest packet that is put together, octets
 * @param peerMrru the largest packet the peer puts together, octets
 * @param minimumFragmentBytes packets up to this go whole over one link
 * @param bufferBytes memory for fragments that wait for others
 * @param holdNs how long a gap is waited for when no link has passed it
 */
public record BundleSettings(MultilinkHeader.Format receiveFormat, MultilinkHeader.Format sendFormat, int localMrru,
        int peerMrru, int minimumFragmentBytes, int bufferBytes, long holdNs) {
    /** Long sequence numbers, 64 KiB, half a second. */
    public static BundleSettings of(int localMrru, int peerMrru) {
        return new BundleSettings(MultilinkHeader.Format.LONG, MultilinkHeader.Format.LONG, localMrru, peerMrru, 256,
                1 << 16, 500_000_000L);
    }
}
