#pragma once
// What the Glibc module of Swift leaves out.
#include <malloc.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Accepts a connection that programs started by this one do not get (SOCK_CLOEXEC, 02000000).
static inline int linux_accept(int socket) {
    return (int)syscall(SYS_accept4, socket, 0, 0, 02000000);
}

/// Gives the memory back that is free, also what lies between pieces that are in use.
static inline void linux_return_memory(void) { malloc_trim(0); }

/// The environment of the process, which Swift does not let one name because it is a variable.
static inline char **linux_environment(void) {
    extern char **environ;
    return environ;
}

/// A file that is only in memory, and that programs started by this one do not get (MFD_CLOEXEC, 1).
static inline int linux_memory_file(const char *name) {
    return (int)syscall(SYS_memfd_create, name, 1);
}
