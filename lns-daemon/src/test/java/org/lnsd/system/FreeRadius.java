package org.lnsd.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** Debian's FreeRADIUS in a namespace, from a folder of its own: a users file decides, the detail file is what to assert against. */
final class FreeRadius implements AutoCloseable {
    static final String SECRET = "testing123-testing123";

    private final NetNamespace namespace;
    private final Path folder;
    private final Process process;

    /**
     * Starts a server.
     *
     * @param users the users file: entries with check items, then indented reply items
     */
    FreeRadius(NetNamespace namespace, Path folder, String address, int authenticationPort, int accountingPort,
            String users) {
        this.namespace = namespace;
        this.folder = folder;
        Commands.write(folder.resolve("radiusd.conf"), configuration(address, authenticationPort, accountingPort));
        Commands.write(folder.resolve("users"), users);
        Commands.write(folder.resolve("dictionary"), "");
        this.process = namespace.start(folder.resolve("radiusd.log"), "freeradius", "-f", "-l", "stdout", "-xx", "-d",
                folder.toString());
        Awaitility.await("FreeRADIUS is ready, see " + folder.resolve("radiusd.log")).atMost(30, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> Commands.text(folder.resolve("radiusd.log")).contains("Ready to process requests"));
    }

    private String configuration(String address, int authenticationPort, int accountingPort) { return """
                prefix = /usr
                logdir = %1$s
                raddbdir = %1$s
                run_dir = %1$s
                pidfile = %1$s/radiusd.pid
                libdir = /usr/lib/freeradius
                proxy_requests = no
                max_request_time = 10
                security {
                    max_attributes = 400
                    reject_delay = 0
                    status_server = yes
                    allow_core_dumps = no
                }
                thread pool {
                    start_servers = 2
                    max_servers = 8
                    min_spare_servers = 1
                    max_spare_servers = 4
                    max_requests_per_server = 0
                }
                client any {
                    ipaddr = 0.0.0.0/0
                    secret = %5$s
                    require_message_authenticator = no
                }
                modules {
                    pap {
                    }
                    chap {
                    }
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
                server default {
                    listen {
                        type = auth
                        ipaddr = %2$s
                        port = %3$d
                    }
                    listen {
                        type = acct
                        ipaddr = %2$s
                        port = %4$d
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
                        update reply {
                            Message-Authenticator := 0x00
                        }
                        Post-Auth-Type REJECT {
                            update reply {
                                Message-Authenticator := 0x00
                            }
                        }
                    }
                    preacct {
                        ok
                    }
                    accounting {
                        detail
                    }
                }
                """.formatted(folder, address, authenticationPort, accountingPort, SECRET); }

    /** The accounting records so far, in the order of their coming; values without quotes, several of a name joined by a space. */
    List<Map<String, String>> accounting() {
        return records("detail");
    }

    /** The Access-Requests so far, in the same form. */
    List<Map<String, String>> requests() {
        return records("requests");
    }

    private List<Map<String, String>> records(String file) {
        List<Map<String, String>> records = new ArrayList<>();
        Map<String, String> record = new LinkedHashMap<>();
        for (String line : Commands.text(folder.resolve(file)).lines().toList()) {
            int equals = line.indexOf(" = ");
            if (line.startsWith("\t") && equals > 0) {
                record.merge(line.substring(1, equals).strip(), line.substring(equals + 3).replaceAll("^\"|\"$", ""),
                        (former, next) -> former + " " + next);
            } else if (line.isBlank() && !record.isEmpty()) {
                records.add(record);
                record = new LinkedHashMap<>();
            }
        }
        return records;
    }

    /** Waits for the first accounting record of a user with this Acct-Status-Type. */
    Map<String, String> awaitAccounting(String user, String statusType) {
        return Awaitility.await("Accounting " + statusType + " of " + user + " in " + folder.resolve("detail"))
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> accounting().stream()
                        .filter(r -> user.equals(r.get("User-Name")) && statusType.equals(r.get("Acct-Status-Type")))
                        .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    /** What the server logged about requests, with every attribute. */
    String log() {
        return Commands.text(folder.resolve("radiusd.log"));
    }

    NetNamespace namespace() { return namespace; }

    @Override
    public void close() { Commands.end(process); }
}
