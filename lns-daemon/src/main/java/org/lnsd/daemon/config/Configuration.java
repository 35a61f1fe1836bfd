package org.lnsd.daemon.config;

import java.util.List;
import java.util.Optional;

/** Everything lnsd.toml says, checked; immutable. */
public record Configuration(NodeConfig node, L2tpConfig l2tp, PppConfig ppp, List<PoolConfig> pools,
        List<FilterConfig> filters, List<GardenConfig> gardens, List<UserConfig> users,
        Optional<RadiusConfig> radius, TunConfig tun, ForwardingConfig forwarding, ControlConfig control,
        MetricsConfig metrics, LogConfig log,
        HistoryConfig history, Optional<SnmpConfig> snmp, ConfigurationListing listing) {}
