#pragma once

// The part of MPI that Mynah uses. Handles and constants are macros, and of other types in each implementation; here they
// are values, so that Swift sees the same whichever one is built with.

#include <mpi.h>
#include <stddef.h>
#include <sys/prctl.h>

/// A message on its way.
typedef struct {
    MPI_Request request;
} mynah_mpi_transfer;

/// Starts MPI for a process of which one thread, the calling one, makes all calls; errors are returned from then on.
static inline int mynah_mpi_init(void) {
    int provided = 0;
    // The thread sleeps between its calls, as short as the system can.
    prctl(PR_SET_TIMERSLACK, 1);
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    if (code != MPI_SUCCESS) return code;
    return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

static inline int mynah_mpi_finalize(void) { return MPI_Finalize(); }

static inline int mynah_mpi_rank(void) {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

static inline int mynah_mpi_size(void) {
    int size = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

/// How many processes run on this machine.
static inline int mynah_mpi_local_size(void) {
    MPI_Comm local;
    int size = 1;
    if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local) != MPI_SUCCESS) return 1;
    MPI_Comm_size(local, &size);
    MPI_Comm_free(&local);
    return size;
}

/// Starts to send; the bytes must stay until the transfer is over.
static inline int mynah_mpi_send(const void *bytes, int count, int rank, int tag, mynah_mpi_transfer *transfer) {
    return MPI_Isend(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &transfer->request);
}

/// Starts to receive into memory that must stay until the transfer is over.
static inline int mynah_mpi_receive(void *bytes, int count, int rank, int tag, mynah_mpi_transfer *transfer) {
    return MPI_Irecv(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &transfer->request);
}

/// Whether a transfer is over, and lets it make progress.
static inline int mynah_mpi_test(mynah_mpi_transfer *transfer, int *is_over) {
    return MPI_Test(&transfer->request, is_over, MPI_STATUS_IGNORE);
}

/// The rank of a process that has sent a message of this tag to this one; -1 where none has.
static inline int mynah_mpi_sender(int tag) {
    int has_come = 0;
    MPI_Status status;
    if (MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &has_come, &status) != MPI_SUCCESS || !has_come) return -1;
    return status.MPI_SOURCE;
}

/// What an error code means, as much as fits.
static inline void mynah_mpi_message(int code, char *text, int capacity) {
    char message[MPI_MAX_ERROR_STRING + 1] = {0};
    int length = 0;
    MPI_Error_string(code, message, &length);
    int place = 0;
    for (; place < length && place + 1 < capacity; place++) text[place] = message[place];
    if (capacity > 0) text[place] = 0;
}
