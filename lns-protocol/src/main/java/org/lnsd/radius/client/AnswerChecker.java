package org.lnsd.radius.client;

import org.jspecify.annotations.Nullable;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusCrypto;
import org.lnsd.radius.RadiusCrypto.MessageAuthenticatorCheck;
import org.lnsd.radius.RadiusPacket;
import org.lnsd.radius.client.ClientEvent.DropReason;

import io.netty.buffer.ByteBuf;

/** Decides whether an answer is what it claims to be. */
final class AnswerChecker<C> {
    private final RadiusCrypto crypto;
    private final boolean requireMessageAuthenticator;

    AnswerChecker(RadiusCrypto crypto, boolean requireMessageAuthenticator) {
        this.crypto = crypto;
        this.requireMessageAuthenticator = requireMessageAuthenticator;
    }

    /** What is wrong with an answer; null: nothing. Borrows. */
    @Nullable
    DropReason faultOf(RadiusPacket answer, ByteBuf datagram, int lengthBytes, @Nullable Slot<C> slot) {
        if (slot == null) {
            return DropReason.UNEXPECTED;
        }
        RadiusCode asked = slot.exchange == null ? RadiusCode.STATUS_SERVER : slot.exchange.request.code();
        if (!answer.code().answers(asked)) {
            return DropReason.UNKNOWN_CODE;
        }
        int start = datagram.readerIndex();
        byte[] secret = slot.server.settings.secret();
        if (!crypto.hasDigest(datagram, start, lengthBytes, slot.authenticator, secret)) {
            // A second answer to the request before, which had been sent twice, is late and no forgery.
            boolean late = crypto.hasDigest(datagram, start, lengthBytes, slot.formerAuthenticator, secret);
            return late ? DropReason.UNEXPECTED : DropReason.BAD_AUTHENTICATOR;
        }
        MessageAuthenticatorCheck check = crypto.checkMessageAuthenticator(datagram, start, lengthBytes,
                slot.authenticator, secret);
        return switch (check) {
            case VALID -> null;
            case INVALID -> DropReason.BAD_MESSAGE_AUTHENTICATOR;
            // CVE-2024-3596: only answers to Access-Requests can be forged through MD5 collisions.
            case ABSENT -> requireMessageAuthenticator && asked.equals(RadiusCode.ACCESS_REQUEST)
                    ? DropReason.MISSING_MESSAGE_AUTHENTICATOR
                    : null;
        };
    }
}
