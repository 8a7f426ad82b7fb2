// The least that a durable write to a Git repository costs: three objects and the branch, written and flushed.
//
// Usage: durable DIRECTORY COUNT BLOB TREE COMMIT (sizes in bytes); prints the microseconds one write took, best of three
// rounds. Each object is a new file that gets its name when its bytes were handed to the disk; the branch replaces the old
// one. One flush at the end serves all, as the journal of ext4 and XFS allows.
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

static void put(const char *temporary, const char *final, const char *bytes, size_t count) {
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    if (file < 0) fail(temporary);
    if (write(file, bytes, count) != (ssize_t)count) fail("write");
    if (sync_file_range(file, 0, 0, 7)) fail("write out");
    close(file);
    if (final && rename(temporary, final)) fail("rename");
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
    if (argc != 6) return fprintf(stderr, "usage: durable DIRECTORY COUNT BLOB TREE COMMIT\n"), 2;
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
            put("branch.lock", "branch", bytes, 41);
            int directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            if (directory < 0 || fsync(directory)) fail("directory");
            close(directory);
        }
        double each = (now() - start) / count;
        if (round == 0 || each < best) best = each;
    }
    printf("%.0f\n", best);
    free(bytes);
    return 0;
}
