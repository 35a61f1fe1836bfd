package org.lnsd.tun;

import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library's functions that are used, addresses as {@code long}: the form for which JNR emits plain stubs. errno is saved. */
@SuppressWarnings("checkstyle:MethodName")
public interface LibC {
    int socket(int domain, int type, int protocol);

    int bind(int fd, long address, int length);

    int connect(int fd, long address, int length);

    int getsockname(int fd, long address, long length);

    int setsockopt(int fd, int level, int option, long value, int length);

    int getsockopt(int fd, int level, int option, long value, long length);

    int open(long path, int flags);

    int close(int fd);

    int ioctl(int fd, long request, long argument);

    @ssize_t
    long read(int fd, long buffer, @size_t long length);

    @ssize_t
    long write(int fd, long buffer, @size_t long length);

    @ssize_t
    long writev(int fd, long iovec, int count);

    @ssize_t
    long send(int fd, long buffer, @size_t long length, int flags);

    @ssize_t
    long recv(int fd, long buffer, @size_t long length, int flags);

    int poll(long descriptors, long count, int timeoutMs);

    int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    int sendmmsg(int fd, long messages, int count, int flags);

    long calloc(@size_t long count, @size_t long length);

    void free(long address);
}
