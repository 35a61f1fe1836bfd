package org.lnsd.ppp.link;

import java.util.List;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** A scripted subscriber in front of a server link: frames as hexadecimal, one answer after the other. */
final class Script {
    static final String LCP = "c021";
    static final String PAP = "c023";
    static final String CHAP = "c223";
    static final String IPCP = "8021";
    static final String IPV6CP = "8057";

    /** A peer's usual options: a magic number. */
    static final String PEER = "0506a1b2c3d4";

    final Station server;
    long nowNs = 1_000_000_000L;

    Script(LinkSettings.Builder settings) { server = Station.server(settings, 7); }

    /** A link with that authentication only, started, its first request taken away. */
    static Script started(AuthenticationProtocol authentication) {
        var script = new Script(LinkSettings.server().authentication(List.of(authentication)));
        script.server.link.start(script.nowNs);
        return script;
    }

    static String packet(int code, int id, String body) {
        return String.format("%02x%02x%04x", code, id, 4 + body.length() / 2) + body;
    }

    /** The identifier of a frame without FF03. */
    static int id(String frame) {
        return Integer.parseInt(frame.substring(6, 8), 16);
    }

    /** Sends a frame and returns the answers without FF03. */
    List<String> send(String protocol, int code, int id, String body) {
        return raw("ff03" + protocol + packet(code, id, body));
    }

    List<String> raw(String frame) {
        server.receive(frame, nowNs);
        server.handleEvents(nowNs);
        return drained();
    }

    List<String> drained() {
        return server.transmitted().stream().map(frame -> frame.startsWith("ff03") ? frame.substring(4) : frame)
                .toList();
    }

    List<String> waitFor(long durationNs) {
        long endNs = nowNs + durationNs;
        var answers = new java.util.ArrayList<String>(drained());
        while (server.link.nextDeadlineNs() <= endNs) {
            nowNs = server.link.nextDeadlineNs();
            server.link.onTimeout(nowNs);
            server.handleEvents(nowNs);
            answers.addAll(drained());
        }
        nowNs = endNs;
        return answers;
    }

    /** Acknowledges what the link asked for. */
    List<String> acknowledge(String request) {
        String protocol = request.substring(0, 4);
        return send(protocol, 2, id(request), request.substring(12));
    }

    /** LCP open, the peer with these options; returns what came after the Acks. */
    List<String> openLcp(String peerOptions) {
        String request = drained().getLast();
        send(LCP, 1, 1, peerOptions);
        return acknowledge(request);
    }

    /** Through PAP; returns the Ack and the first NCP requests. */
    List<String> authenticate() {
        return send(PAP, 1, 9, "05" + "616c696365" + "06" + "736563726574");
    }

    /** A PAP link in its network phase; returns the NCP requests of the server. */
    static Script inNetworkPhase() {
        Script script = started(AuthenticationProtocol.PAP);
        script.openLcp(PEER);
        return script;
    }
}
