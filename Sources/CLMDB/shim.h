#pragma once
// What Swift cannot do by itself.
//
// LMDB reads its file through a mapping and believes what it finds there. When somebody cuts the file short or writes
// garbage into it, that ends in SIGBUS, SIGSEGV or a failed assertion. These functions turn all three into a result
// code: they leave LMDB by siglongjmp, after which an environment may only be thrown away. That is possible in C only,
// as no Swift frame may be jumped over. One Swift file calls them: each has variables of its own.
#include <lmdb.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

/// What a guarded function returns when LMDB could not go on.
#define GUARD_FAULT (-1)

/// Where the guarded call of this thread is left, null outside of one.
static inline sigjmp_buf *volatile *guard_exit(void) {
    static _Thread_local sigjmp_buf *volatile exit;
    return &exit;
}

/// The handler of SIGSEGV or SIGBUS that was there before.
static inline struct sigaction *guard_before(int signal) {
    static struct sigaction before[2];
    return &before[signal == SIGBUS];
}

static inline void guard_leave(void) {
    sigjmp_buf *exit = *guard_exit();
    if (!exit) return;
    *guard_exit() = NULL;
    siglongjmp(*exit, 1);
}

static void guard_on_signal(int signal, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_code > 0) guard_leave();
    // Not ours: the instruction runs again and meets whoever was here before.
    sigaction(signal, guard_before(signal), NULL);
    if (info->si_code <= 0) raise(signal);
}

/// Listens to SIGSEGV and SIGBUS from now on, once per process; both stay with their former handlers outside of LMDB.
static __attribute__((noinline)) int guard_install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = guard_on_signal;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    int first = sigaction(SIGSEGV, &action, guard_before(SIGSEGV));
    int second = sigaction(SIGBUS, &action, guard_before(SIGBUS));
    return first ? first : second;
}

static void guard_on_assertion(MDB_env *env, const char *message) {
    (void)env;
    (void)message;
    guard_leave();
}

#define GUARDED(call)                                \
    do {                                             \
        sigjmp_buf place;                            \
        if (sigsetjmp(place, 0)) return GUARD_FAULT; \
        *guard_exit() = &place;                      \
        int code = (call);                           \
        *guard_exit() = NULL;                        \
        return code;                                 \
    } while (0)

#define GUARDED_FUNCTION static __attribute__((noinline)) int

GUARDED_FUNCTION guarded_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode) {
    mdb_env_set_assert(env, guard_on_assertion);
    GUARDED(mdb_env_open(env, path, flags, mode));
}

static inline int guard_close(MDB_env *env) { return mdb_env_close(env), 0; }
GUARDED_FUNCTION guarded_env_close(MDB_env *env) { GUARDED(guard_close(env)); }

GUARDED_FUNCTION guarded_txn_begin(MDB_env *env, unsigned flags, MDB_txn **txn) {
    GUARDED(mdb_txn_begin(env, NULL, flags, txn));
}

GUARDED_FUNCTION guarded_txn_commit(MDB_txn *txn) { GUARDED(mdb_txn_commit(txn)); }

static inline int guard_abort(MDB_txn *txn) { return mdb_txn_abort(txn), 0; }
GUARDED_FUNCTION guarded_txn_abort(MDB_txn *txn) { GUARDED(guard_abort(txn)); }

GUARDED_FUNCTION guarded_dbi_open(MDB_txn *txn, MDB_dbi *dbi) { GUARDED(mdb_dbi_open(txn, NULL, 0, dbi)); }

GUARDED_FUNCTION guarded_env_info(MDB_env *env, MDB_envinfo *info) { GUARDED(mdb_env_info(env, info)); }

GUARDED_FUNCTION guarded_stat(MDB_txn *txn, MDB_dbi dbi, MDB_stat *stat) { GUARDED(mdb_stat(txn, dbi, stat)); }

static inline int guard_get(
    MDB_txn *txn, MDB_dbi dbi, const void *key, size_t key_bytes, void *copy, size_t capacity, size_t *bytes) {
    MDB_val name = {key_bytes, (void *)key}, value;
    int code = mdb_get(txn, dbi, &name, &value);
    if (code) return code;
    *bytes = value.mv_size;
    if (value.mv_size <= capacity) memcpy(copy, value.mv_data, value.mv_size);
    return 0;
}

/// Copies the value of a key, whose size it stores in `bytes`; copies nothing when that exceeds `capacity`.
GUARDED_FUNCTION guarded_get(
    MDB_txn *txn, MDB_dbi dbi, const void *key, size_t key_bytes, void *copy, size_t capacity, size_t *bytes) {
    GUARDED(guard_get(txn, dbi, key, key_bytes, copy, capacity, bytes));
}

static inline int guard_put(
    MDB_txn *txn, MDB_dbi dbi, const void *key, size_t key_bytes, const void *value, size_t bytes) {
    MDB_val name = {key_bytes, (void *)key}, content = {bytes, (void *)value};
    return mdb_put(txn, dbi, &name, &content, MDB_NOOVERWRITE);
}

/// Stores a value unless the key has one.
GUARDED_FUNCTION guarded_put(
    MDB_txn *txn, MDB_dbi dbi, const void *key, size_t key_bytes, const void *value, size_t bytes) {
    GUARDED(guard_put(txn, dbi, key, key_bytes, value, bytes));
}
