package org.lnsd.daemon;

/** The release that this is. */
public final class Version {

    private static final String UNPACKAGED = "0.1.0";

    private Version() {}

    /** Returns the release number from the jar's manifest; run from classes it is the one under work. */
    public static String text() {
        String packaged = Version.class.getPackage().getImplementationVersion();
        return packaged == null ? UNPACKAGED : packaged;
    }
}
