package org.lnsd.daemon.metrics;

import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.StatusView;

import java.util.Map;

/** A small page for people: is it well, what does it carry. No personal data. */
final class StatusPage {

    private StatusPage() {}

    static String render(Node node) {
        StatusView status = node.status();
        StringBuilder html = new StringBuilder(4096);
        html.append(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"10\"><title>lnsd ")
                .append(escape(status.node()))
                .append("</title><style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}")
                .append("table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #8884}")
                .append("@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8cf}}</style></head><body>");
        html.append("<h1>").append(escape(status.node())).append(": ").append(escape(status.state()))
                .append("</h1><table>");
        row(html, "version", status.version());
        row(html, "up for", status.uptimeSeconds() + " s");
        row(html, "tunnels", states(status.tunnels()));
        row(html, "sessions", states(status.sessions()));
        row(html, "octets in / out", status.traffic().octetsIn() + " / " + status.traffic().octetsOut());
        status.radius().forEach(server -> row(html, "RADIUS " + server.server(), server.state()));
        html.append("</table><table><tr><th>pool</th><th>family</th><th>used</th><th>of</th></tr>");
        node.pools().forEach(pool -> html.append("<tr><td>").append(escape(pool.name())).append("</td><td>")
                .append(escape(pool.family().name()))
                .append("</td><td>").append(pool.used()).append("</td><td>").append(pool.total()).append("</td></tr>"));
        html.append(
                "</table><table><tr><th>tunnel</th><th>peer</th><th>address</th><th>state</th><th>sessions</th></tr>");
        node.tunnels().limit(200)
                .forEach(tunnel -> html.append("<tr><td>").append(tunnel.id()).append("</td><td>")
                        .append(escape(tunnel.peer()))
                        .append("</td><td>").append(escape(tunnel.peerAddress())).append("</td><td>")
                        .append(escape(tunnel.state())).append("</td><td>")
                        .append(tunnel.sessions()).append("</td></tr>"));
        return html.append("</table><p><a href=\"/metrics\">metrics</a></p></body></html>\n").toString();
    }

    private static void row(StringBuilder html, String name, String value) {
        html.append("<tr><th>").append(escape(name)).append("</th><td>").append(escape(value)).append("</td></tr>");
    }

    private static String states(Map<String, Integer> byState) {
        return String.join(", ",
                byState.entrySet().stream().map(entry -> entry.getValue() + " " + entry.getKey()).toList());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
