package org.lnsd.ppp.auth;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Failure of MS-CHAPv2 says (RFC 2759 section 6).
 *
 * @param error the number of Windows that tells why, as 648 for a password that has expired
 * @param message for the user, never empty
 */
public record MsChapV2Failure(int error, String message) {
    /** ERROR_AUTHENTICATION_FAILURE. */
    public static final int AUTHENTICATION_FAILURE = 691;

    private static final Pattern FORM = Pattern.compile("E=(\\d{1,9})(?: [^M].*?)?(?: M=(.*))?", Pattern.DOTALL);
    private static final String USUAL_MESSAGE = "authentication failed";

    /**
     * Reads what an authentication server said: a text of the form of section 6 (RFC 2548 section 2.1.5), else words only, which go with
     * the usual error.
     */
    public static MsChapV2Failure of(String said) {
        Matcher form = FORM.matcher(said);
        if (!form.matches()) {
            return new MsChapV2Failure(AUTHENTICATION_FAILURE, said.isEmpty() ? USUAL_MESSAGE : said);
        }
        String words = form.group(2);
        return new MsChapV2Failure(Integer.parseInt(form.group(1)),
                words == null || words.isEmpty() ? USUAL_MESSAGE : words);
    }

    /** Returns the Message field: no retry, because the link ends; version 3. */
    public String text(byte[] challenge) {
        return "E=" + error + " R=0 C=" + HexFormat.of().withUpperCase().formatHex(challenge) + " V=3 M=" + message;
    }
}
