package org.lnsd.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * lnsd-lac on the access side of a site: LAC, subscribers and generator. Their password is "wonderland" where the options name none. It ends with its site
 * at the latest.
 */
final class Emulator implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final Path report;

    /** Starts it towards the site's LNS; its files bear the name. */
    Emulator(Site site, NetNamespace access, String name, String... options) {
        this(site, access, name, Site.LNS, Site.LAC, List.of(options));
    }

    /** Starts it from one address towards another. */
    Emulator(Site site, NetNamespace access, String name, String lns, String lac, List<String> options) {
        Path folder = site.folder("lac");
        log = folder.resolve(name + ".log");
        report = folder.resolve(name + ".json");
        List<String> command = new ArrayList<>(List.of(Lnsd.program("lnsd-lac"), "--lns", lns, "--local", lac,
                "--json", report.toString()));
        command.addAll(options);
        if (!options.contains("--password")) {
            command.addAll(List.of("--password", "wonderland"));
        }
        process = access.start(log, command.toArray(String[]::new));
        site.closing(this);
    }

    String log() { return Commands.text(log); }

    /** What it says about each step of {@code --traffic} that is over. */
    List<String> flows() {
        return log().lines().filter(line -> line.startsWith("traffic ")).toList();
    }

    void awaitFlows(int count) {
        Awaitility.await(count + " flows are over, see " + log).atMost(90, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS).until(() -> flows().size() == count);
    }

    /** The report as it is; empty while there is none. */
    Map<String, Object> report() {
        String text = Commands.text(report).strip();
        return text.endsWith("}") ? Json.object(Json.read(text)) : Map.of();
    }

    /** The subscribers of the report. */
    List<Map<String, Object>> subscribers() {
        return Json.objects(report().getOrDefault("subscribers", List.of()));
    }

    /** Cuts it off: nothing more is said to the LNS. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** TERM ends the traffic and the sessions, and the report is written. */
    @Override
    public void close() { Commands.end(process); }
}
