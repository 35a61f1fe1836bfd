package org.lnsd.daemon.aaa;

/** What came of a dynamic authorisation request. */
public sealed interface DynamicAuthorizationResult {
    /**
     * Done.
     *
     * @param sessions how many sessions it concerned, at least one
     */
    record Done(int sessions) implements DynamicAuthorizationResult {}

    /**
     * Not done, nothing has changed.
     *
     * @param cause why
     */
    record Refused(ErrorCause cause) implements DynamicAuthorizationResult {}

    /** Error-Cause, RFC 5176 section 3.6. */
    enum ErrorCause {
        /** An attribute that we do not support, in a request that must be done whole or not at all. */
        UNSUPPORTED_ATTRIBUTE(401),
        /** Nothing names a session, or something needed is missing. */
        MISSING_ATTRIBUTE(402),
        /** The NAS attributes name another node. */
        NAS_IDENTIFICATION_MISMATCH(403),
        /** Wrong in itself. */
        INVALID_REQUEST(404),
        /** Service-Type we do not support here. */
        UNSUPPORTED_SERVICE(405),
        /** Something we do not do. */
        UNSUPPORTED_EXTENSION(406),
        /** An attribute's value is not possible. */
        INVALID_ATTRIBUTE_VALUE(407),
        /** Not allowed by configuration. */
        ADMINISTRATIVELY_PROHIBITED(501),
        /** No such session. */
        SESSION_CONTEXT_NOT_FOUND(503),
        /** The session is there but cannot be removed. */
        SESSION_CONTEXT_NOT_REMOVABLE(504),
        /** Too busy. */
        RESOURCES_UNAVAILABLE(506),
        /** Several sessions match and this cannot be done to several. */
        MULTIPLE_SESSION_SELECTION_UNSUPPORTED(508);

        private final int code;

        ErrorCause(int code) { this.code = code; }

        /** The attribute's value. */
        public int code() { return code; }
    }
}
