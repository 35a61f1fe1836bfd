package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** Debian's FreeRADIUS on loopback ports, from a folder of its own; its detail file is the record to assert against. */
final class LocalFreeRadius implements AutoCloseable {
    static final String SECRET = "testing123-testing123";

    private final Path folder;
    private Process process;

    LocalFreeRadius(Path folder, int authenticationPort, String users, boolean signs) throws IOException {
        this(folder, authenticationPort, users, signs, "", "");
    }

    /** A server with further listeners. */
    LocalFreeRadius(Path folder, int authenticationPort, String users, boolean signs, String clients, String listeners)
            throws IOException {
        this.folder = folder;
        String signing = signs ? "update reply {\n Message-Authenticator := 0x00\n }" : "";
        Files.writeString(folder.resolve("radiusd.conf"), """
                prefix = /usr
                logdir = %1$s
                raddbdir = %1$s
                run_dir = %1$s
                libdir = /usr/lib/freeradius
                proxy_requests = no
                security {
                    reject_delay = 0
                    status_server = yes
                    allow_core_dumps = no
                }
                thread pool {
                    start_servers = 2
                    max_servers = 4
                    min_spare_servers = 1
                    max_spare_servers = 2
                }
                client any {
                    ipaddr = 127.0.0.0/8
                    secret = %4$s
                    require_message_authenticator = yes
                }
                modules {
                    pap { }
                    chap { }
                    mschap {
                        use_mppe = no
                    }
                    files {
                        filename = %1$s/users
                    }
                    detail {
                        filename = %1$s/detail
                        permissions = 0600
                        locking = no
                    }
                    detail auth_log {
                        filename = %1$s/requests
                        permissions = 0600
                        locking = no
                    }
                    always ok {
                        rcode = ok
                    }
                }
                %7$s
                server default {
                    %6$s
                    listen {
                        type = auth
                        ipaddr = 127.0.0.1
                        port = %2$d
                    }
                    listen {
                        type = acct
                        ipaddr = 127.0.0.1
                        port = %3$d
                    }
                    authorize {
                        auth_log
                        chap
                        mschap
                        files
                        pap
                    }
                    authenticate {
                        Auth-Type PAP {
                            pap
                        }
                        Auth-Type CHAP {
                            chap
                        }
                        Auth-Type MS-CHAP {
                            mschap
                        }
                    }
                    post-auth {
                        %5$s
                        Post-Auth-Type REJECT {
                            %5$s
                        }
                    }
                    preacct {
                        ok
                    }
                    accounting {
                        detail
                    }
                }
                """.formatted(folder, authenticationPort, authenticationPort + 1, SECRET, signing, listeners, clients));
        Files.writeString(folder.resolve("users"), users);
        Files.writeString(folder.resolve("dictionary"), "");
        process = launch();
    }

    private Process launch() throws IOException {
        Path log = folder.resolve("radiusd.log");
        Files.writeString(log, "");
        Process started = new ProcessBuilder("freeradius", "-f", "-l", "stdout", "-xx", "-d", folder.toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Awaitility.await("FreeRADIUS ready").atMost(30, TimeUnit.SECONDS).pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> Files.readString(log, StandardCharsets.ISO_8859_1).contains("Ready to process requests"));
        return started;
    }

    void restart() throws IOException {
        close();
        process = launch();
    }

    /** Records of the detail file, one map of attributes each; several of a name are joined by a space. */
    List<Map<String, String>> accounting() {
        return records("detail");
    }

    /** The Access-Requests in the same form. */
    List<Map<String, String>> requests() { return records("requests"); }

    private List<Map<String, String>> records(String file) {
        List<Map<String, String>> records = new ArrayList<>();
        Map<String, String> record = new LinkedHashMap<>();
        for (String line : text(file).lines().toList()) {
            int equals = line.indexOf(" = ");
            if (line.startsWith("\t") && equals > 0) {
                record.merge(line.substring(1, equals), line.substring(equals + 3).replaceAll("^\"|\"$", ""),
                        (a, b) -> a + " " + b);
            } else if (line.isBlank() && !record.isEmpty()) {
                records.add(record);
                record = new LinkedHashMap<>();
            }
        }
        return records;
    }

    private String text(String file) {
        try {
            Path path = folder.resolve(file);
            return Files.exists(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
