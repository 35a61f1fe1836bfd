package org.lnsd.lac;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Measuring traffic once the subscribers are up. Filled by picocli. */
final class TrafficOptions {

    @Option(names = "--traffic", paramLabel = "STEP", description = {
            "measure: up,SIZE or down,SIZE (UDP payload in bytes, or imix), then pps=N or pps=max, train=N, seconds=N;",
            "for example up,64,pps=100000,train=16,seconds=3. May be given several times"})
    List<String> steps = new ArrayList<>();

    @Option(names = "--core", paramLabel = "ADDRESS[:PORT]", converter = Endpoint.class, description = "the other end of the traffic: an address behind the LNS")
    @Nullable
    InetSocketAddress core;

    @Option(names = "--core-netns", paramLabel = "NAME", description = "the network namespace that the --core address is in")
    @Nullable
    String coreNamespace;

    @Option(names = "--cpu-of", paramLabel = "PID", defaultValue = "0", description = "also measure the CPU time of this process: the LNS")
    int cpuOfPid;
}
