#include <spawn.h>
#include <wchar.h>

// Functions of the C library that Swift does not import.

// POSIX.1-2024 (XSI)
int wcwidth(wchar_t character);

// glibc 2.34
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
