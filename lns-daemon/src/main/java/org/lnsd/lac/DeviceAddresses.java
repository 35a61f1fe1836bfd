package org.lnsd.lac;

import org.lnsd.daemon.net.IpPrefix;

/** Puts the subscribers' addresses on the TUN device, so that programs can send from them. */
interface DeviceAddresses extends AutoCloseable {

    /** Without a device there is nothing to put them on. */
    DeviceAddresses NONE = new DeviceAddresses() {
        @Override
        public void add(IpPrefix address) {}

        @Override
        public void remove(IpPrefix address) {}

        @Override
        public void close() {}
    };

    void add(IpPrefix address);

    void remove(IpPrefix address);

    @Override
    void close();
}
