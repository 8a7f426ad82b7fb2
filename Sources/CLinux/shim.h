#pragma once
// What the Glibc module of Swift leaves out.
#include <sys/signalfd.h>
#include <unistd.h>

/// The environment of the process, which Swift does not let one name because it is a variable.
static inline char **linux_environment(void) {
    extern char **environ;
    return environ;
}
