#!/usr/bin/env bash
# Writes a pkg-config file for an MPI, named as pkg-config knows it, with those flags alone that the Swift package manager takes:
# it refuses a library that asks for anything but paths and names, as MPICH does (-Wl,-z,relro).
#
#   Tools/write_mpi_flags.sh mpich > mynah-mpi.pc
set -euo pipefail

flags() {
    pkg-config "$1" "$2" | tr ' ' '\n' | grep -E "^-[ILl]" | tr '\n' ' '
}
cat <<END
Name: mynah-mpi
Description: the MPI that mynah-mpi is built with ($1)
Version: $(pkg-config --modversion "$1")
Cflags: $(flags --cflags "$1")
Libs: $(flags --libs "$1")
END
