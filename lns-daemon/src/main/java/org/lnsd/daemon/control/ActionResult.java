package org.lnsd.daemon.control;

import java.util.List;

/**
 * What came of an action.
 *
 * @param done false: refused, or nothing of that name
 * @param lines what to tell the operator; when refused, the first says why
 */
public record ActionResult(boolean done, List<String> lines) {

    /** It is done. */
    public static ActionResult done(String... lines) {
        return new ActionResult(true, List.of(lines));
    }

    /** It was refused, or there is nothing of that name. */
    public static ActionResult refused(String why) {
        return new ActionResult(false, List.of(why));
    }
}
