#pragma once
// What Swift cannot call by itself: libgit2's variadic options, and calls that glibc keeps to C.
#include <git2.h>
#include <git2/sys/repository.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static inline int shim_git_set_fsync(int on) { return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, on); }

static inline int shim_git_set_strict_hashes(int on) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, on);
}

static inline int shim_git_set_owner_validation(int on) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, on);
}

static inline int shim_git_set_caching(int on) { return git_libgit2_opts(GIT_OPT_ENABLE_CACHING, on); }

static inline int shim_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

// Gives the memory back that is free, also what lies between pieces that are in use.
static inline void shim_return_memory(void) { malloc_trim(0); }

// The magic number of the file system at a path, 0 when it cannot be told.
static inline long shim_file_system(const char *path) {
    struct statfs system;
    return statfs(path, &system) == 0 ? (long)system.f_type : 0;
}

// Starts and awaits writing a file's bytes to the disk, without flushing the disk's own cache.
static inline int shim_write_out(int descriptor) {
    return (int)syscall(SYS_sync_file_range, descriptor, 0L, 0L, 7U);
}

// Starts writing them, and does not wait.
static inline int shim_start_write_out(int descriptor) {
    return (int)syscall(SYS_sync_file_range, descriptor, 0L, 0L, 2U);
}

// The flag for reading and writing past the system's cache, and the alignment that this needs everywhere.
static inline int shim_direct_flag(void) { return __O_DIRECT; }

static inline void *shim_direct_buffer(size_t bytes) { return aligned_alloc(4096, bytes); }

// The major and minor number of a device.
static inline unsigned shim_device_major(unsigned long device) {
    return (unsigned)(((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffUL));
}

static inline unsigned shim_device_minor(unsigned long device) {
    return (unsigned)((device & 0xff) | ((device >> 12) & ~0xffUL));
}

// Opens a directory to look at, not to read (O_PATH | O_DIRECTORY | O_CLOEXEC); fails with ELOOP where a symbolic link is on the way.
static inline int shim_open_without_links(const char *path) {
    struct open_how how = {.flags = 010000000 | 0200000 | 02000000, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, -100, path, &how, sizeof how);
}

// renameat2 with RENAME_NOREPLACE (1).
static inline int shim_rename_new(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, -100, from, -100, to, 1U);
}

// A descriptor that can be read once the times of a file change; -1 when that cannot be had.
static inline int shim_watch_times(const char *path) {
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch >= 0 && inotify_add_watch(watch, path, IN_ATTRIB) < 0) {
        close(watch);
        return -1;
    }
    return watch;
}

// A file without a name, in memory.
static inline int shim_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, 1U); }
