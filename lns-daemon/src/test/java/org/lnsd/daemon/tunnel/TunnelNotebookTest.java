package org.lnsd.daemon.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelNotebookTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void tellsTheNextProcessWhoTheTunnelsWereWith() throws IOException {
        TunnelNotebook notebook = TunnelNotebook.open(folder);
        notebook.note(1, peer("192.0.2.1", 1701), 4711);
        notebook.note(65535, peer("2001:db8::1", 40000), 65535);
        notebook.note(7, peer("192.0.2.2", 1), 1);
        notebook.strike(7);
        TunnelNotebook next = TunnelNotebook.open(folder);
        assertThat(next.former(1)).isEqualTo(new TunnelNotebook.Former(peer("192.0.2.1", 1701), 4711));
        assertThat(next.former(65535)).isEqualTo(new TunnelNotebook.Former(peer("2001:db8::1", 40000), 65535));
        assertThat(next.former(7)).isNull();
    }

    @Test
    void aFileThatCannotBeWrittenIsDoneWithout() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "");
        TunnelNotebook notebook = TunnelNotebook.open(notAFolder.resolve("state"));
        notebook.note(1, peer("192.0.2.1", 1701), 4711);
        notebook.strike(1);
        Path odd = Files.createDirectories(folder.resolve("odd"));
        Files.writeString(odd.resolve("tunnels"), "garbage".repeat(300_000));
        assertThat(TunnelNotebook.open(odd).former(0)).isNull();
    }

    private static InetSocketAddress peer(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }
}
