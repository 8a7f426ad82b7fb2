#include <stddef.h>
#include <stdint.h>

// The entry of libFuzzer for a program that has a main of its own; no header of LLVM declares it.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));
