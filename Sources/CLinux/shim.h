#pragma once
// What the Glibc module of Swift leaves out.
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Accepts a connection that programs started by this one do not get (SOCK_CLOEXEC, 02000000).
static inline int linux_accept(int socket) {
    return (int)syscall(SYS_accept4, socket, 0, 0, 02000000);
}

/// Gives the memory back that is free, also what lies between pieces that are in use.
static inline void linux_return_memory(void) { malloc_trim(0); }

/// Has `signal` come when there is something to read from `socket`, its end included; 0 unless it fails.
static inline int linux_signal_on_input(int socket, int signal) {
    int flags = fcntl(socket, F_GETFL);
    if (flags < 0 || fcntl(socket, 10 /* F_SETSIG */, signal) || fcntl(socket, F_SETOWN, getpid())) return -1;
    return fcntl(socket, F_SETFL, flags | O_ASYNC);
}

/// The environment of the process, which Swift does not let one name because it is a variable.
static inline char **linux_environment(void) {
    extern char **environ;
    return environ;
}

/// A file that is only in memory, and that programs started by this one do not get (MFD_CLOEXEC, 1).
static inline int linux_memory_file(const char *name) {
    return (int)syscall(SYS_memfd_create, name, 1);
}

/// Up to `bytes` that are given back stay with the process.
static inline int linux_keep_freed_memory(int bytes) {
    return mallopt(M_TRIM_THRESHOLD, bytes) & mallopt(M_MMAP_THRESHOLD, bytes);
}

/// A program that is to be started starts in an open directory; `actions` is a posix_spawn_file_actions_t, whose header
/// would declare with _GNU_SOURCE what the Glibc module declares without.
static inline int linux_start_in(void *actions, int directory) {
    extern int posix_spawn_file_actions_addfchdir_np(void *, int);
    return posix_spawn_file_actions_addfchdir_np(actions, directory);
}

/// Makes processes whose parents end before them children of this one; 0 unless it fails (PR_SET_CHILD_SUBREAPER).
static inline int linux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L); }
