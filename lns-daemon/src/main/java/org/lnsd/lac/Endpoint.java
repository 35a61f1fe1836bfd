package org.lnsd.lac;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code ADDRESS}, {@code ADDRESS:PORT} and {@code [IPV6]:PORT}. */
final class Endpoint implements ITypeConverter<InetSocketAddress> {

    static final int NO_PORT = 0;
    private static final int MAXIMUM_PORT = 65535;

    @Override
    public InetSocketAddress convert(String text) { return parse(text); }

    /**
     * Reads an address and perhaps a port.
     *
     * @param text an address or host name, IPv6 in brackets if a port follows
     * @return the address, with port {@value #NO_PORT} if the text has none
     */
    static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        boolean hasPort = bracketed ? text.indexOf("]:") > 0 : colon >= 0 && text.indexOf(':') == colon;
        String host = hasPort ? text.substring(0, colon) : text;
        try {
            InetAddress address = InetAddress.getByName(host);
            return new InetSocketAddress(address, hasPort ? port(text.substring(colon + 1)) : NO_PORT);
        } catch (UnknownHostException unknown) {
            throw new TypeConversionException("\"" + text + "\" is no address: " + unknown.getMessage());
        }
    }

    private static int port(String digits) {
        if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) > MAXIMUM_PORT || Integer.parseInt(digits) == 0) {
            throw new TypeConversionException("port \"" + digits + "\" is not 1 to " + MAXIMUM_PORT);
        }
        return Integer.parseInt(digits);
    }
}
