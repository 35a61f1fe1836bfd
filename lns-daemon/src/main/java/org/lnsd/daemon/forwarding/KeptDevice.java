package org.lnsd.daemon.forwarding;

import org.lnsd.tun.TunDevice;

/** The device as its {@link DeviceKeeper} sees it. */
public interface KeptDevice {
    /** Its name. */
    String name();

    /** Its interface index; another one after {@link #recreate}. */
    int index();

    /** What the kernel says of it now. */
    TunDevice.State state();

    /** The forwarding threads look at it no longer: a device that is gone would wake them without end. */
    void pause();

    /**
     * Makes it anew and brings it up.
     *
     * @throws org.lnsd.tun.LinuxException if the kernel refuses; it may be tried again
     */
    void recreate();

    /** The forwarding threads look at it again. */
    void resume();

    /**
     * Puts our addresses on it; those that are there already are fine.
     *
     * @throws org.lnsd.tun.LinuxException if the kernel refuses; it may be tried again
     */
    void putAddresses();
}
