// The least that a durable write to a Git repository costs: three objects and the branch, written and flushed.
//
// Usage: durable DIRECTORY COUNT BLOB TREE COMMIT HOW (sizes in bytes); prints the microseconds one write took, best of
// three rounds. Each object is a new file that gets its name when its bytes were handed to the disk; the branch replaces
// the old one. When HOW is `together`, one flush at the end serves all, as the journal of ext4 and XFS allows; when it is
// `each`, every file and every folder with a new name is flushed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int each;

static void flush_folder(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || fsync(folder)) fail(path);
    close(folder);
}

static void put(const char *temporary, const char *final, const char *bytes, size_t count) {
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    if (file < 0) fail(temporary);
    if (write(file, bytes, count) != (ssize_t)count) fail("write");
    if (each ? fsync(file) : sync_file_range(file, 0, 0, 7)) fail("write out");
    close(file);
    if (final && rename(temporary, final)) fail("rename");
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
    if (argc != 7) return fprintf(stderr, "usage: durable DIRECTORY COUNT BLOB TREE COMMIT together|each\n"), 2;
    each = !strcmp(argv[6], "each");
    if (chdir(argv[1])) fail(argv[1]);
    int count = atoi(argv[2]);
    size_t sizes[3], largest = 64;
    for (int object = 0; object < 3; object++) {
        sizes[object] = (size_t)atol(argv[3 + object]);
        if (sizes[object] > largest) largest = sizes[object];
    }
    char *bytes = malloc(largest);
    if (!bytes) fail("malloc");
    for (size_t index = 0; index < largest; index++) bytes[index] = (char)(index * 2654435761u >> 24);
    for (int folder = 0; folder < 256; folder++) {
        char name[8];
        snprintf(name, sizeof name, "%02x", folder);
        if (mkdir(name, 0777) && errno != EEXIST) fail(name);
    }
    double best = 0;
    for (int round = 0; round < 3; round++) {
        double start = now();
        for (int number = 0; number < count; number++) {
            char temporary[3][64], final[3][64];
            for (int object = 0; object < 3; object++) {
                int folder = (number * 7 + object * 91 + round * 13) % 256;
                snprintf(temporary[object], 64, "%02x/tmp_%d", folder, object);
                snprintf(final[object], 64, "%02x/%d-%d-%d", folder, round, number, object);
                put(temporary[object], NULL, bytes, sizes[object]);
            }
            for (int object = 0; object < 3; object++)
                if (rename(temporary[object], final[object])) fail("rename");
            for (int object = 0; each && object < 3; object++) {
                final[object][2] = 0;
                flush_folder(final[object]);
            }
            put("branch.lock", "branch", bytes, 41);
            flush_folder(".");
        }
        double each = (now() - start) / count;
        if (round == 0 || each < best) best = each;
    }
    printf("%.0f\n", best);
    free(bytes);
    return 0;
}
