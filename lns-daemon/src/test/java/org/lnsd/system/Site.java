package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The place of a test: a namespace for the LNS and one for what lies behind it ("the Internet", 198.51.100.2), joined by a veth; access lines are added by the
 * test. Closing ends everything that was entrusted to it, last first.
 *
 * <pre>
 * LAC or guest 172.30.0.2 --- acc0 172.30.0.1 [ LNS ] core0 198.51.100.1 --- net0 198.51.100.2 [ net ]
 * </pre>
 */
final class Site implements AutoCloseable {
    static final String LNS = "172.30.0.1";
    static final String LAC = "172.30.0.2";
    static final String INTERNET = "198.51.100.2";
    static final String INTERNET6 = "2001:db8:ffff::2";
    static final int TRANSFER_PORT = 5002;
    /** Of a configuration: who is on the access side may open tunnels. */
    static final String PEER = """
            [[l2tp.peer]]
            name = "wholesale"
            address = ["172.30.0.0/24"]
            """;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path folder;
    private final AtomicInteger namespaces;
    private final NetNamespace lns;
    private final NetNamespace net;

    /** Makes both namespaces; the folder (target/system-tests/NAME) is emptied and kept afterwards for who looks for a failure's cause. */
    Site(AtomicInteger namespaces, String name) {
        this.namespaces = namespaces;
        this.folder = Path.of("target", "system-tests", name).toAbsolutePath();
        Commands.must("rm", "-rf", folder.toString());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lns = namespace("lns");
        net = namespace("net");
        lns.connect("core0", "198.51.100.1/24", net, "net0", INTERNET + "/24");
        lns.must("ip", "address", "add", "2001:db8:ffff::1/64", "dev", "core0", "nodad");
        net.must("ip", "address", "add", INTERNET6 + "/64", "dev", "net0", "nodad");
        net.route("default", "198.51.100.1");
        net.route("::/0", "2001:db8:ffff::1");
        lns.forward();
    }

    NetNamespace lns() { return lns; }

    NetNamespace net() { return net; }

    Path folder(String name) {
        Path path = folder.resolve(name);
        if (!path.toFile().isDirectory() && !path.toFile().mkdirs()) {
            throw new AssertionError("cannot make " + path);
        }
        return path;
    }

    NetNamespace namespace(String label) { return closing(NetNamespace.create(namespaces, label)); }

    /** A namespace for a LAC, on the access side of the LNS. */
    NetNamespace lac() {
        NetNamespace lac = namespace("lac");
        lns.connect("acc0", LNS + "/24", lac, "lac0", LAC + "/24");
        lac.route("default", LNS);
        return lac;
    }

    /** A guest on the access side of the LNS, on the tap device acc0. */
    UmlGuest guest() {
        lns.tap("acc0", LNS + "/24");
        return closing(new UmlGuest(lns, "acc0", LAC, LNS, folder("guest")));
    }

    Capture capture(String device) { return closing(new Capture(lns, device, folder.resolve(device + ".pcapng"))); }

    /** The other end of checked transfers, in the net namespace. */
    void transferServer() {
        Process server = net.start(folder.resolve("transfer.log"), "python3", transferScript().toString(), "serve",
                INTERNET,
                String.valueOf(TRANSFER_PORT));
        closing(() -> Commands.end(server));
    }

    Path transferScript() { return Commands.resource("transfer.py", folder("guest")); }

    <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    /** Closes it and makes sure that this daemon has met no defect of its own. */
    void closeWithoutDefect(Lnsd lnsd) {
        String log = lnsd.log();
        close();
        assertThat(log).doesNotContain("class=bug").doesNotContain("Exception");
    }

    @Override
    public void close() {
        AssertionError failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) { // the boundary: every part is closed whatever another one says
                failure = new AssertionError("cannot close a part of the site", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
