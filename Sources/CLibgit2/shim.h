#pragma once
// What Swift cannot call by itself: libgit2's variadic options, and a system call glibc hides behind _GNU_SOURCE.
#include <git2.h>
#include <git2/sys/repository.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int shim_git_set_fsync(int on) { return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, on); }

static inline int shim_git_set_strict_hashes(int on) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, on);
}

static inline int shim_git_set_owner_validation(int on) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, on);
}

static inline int shim_git_set_cache_bytes(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int shim_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

// renameat2 with RENAME_NOREPLACE (1).
static inline int shim_rename_new(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, -100, from, -100, to, 1U);
}
