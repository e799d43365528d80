// Functions of the C library that Swift does not import.

// POSIX.1-2024, XSI. The argument is a wchar_t, whose header would make other declarations of it part of this module.
int wcwidth(__WCHAR_TYPE__ character);
