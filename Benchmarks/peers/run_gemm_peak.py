"""Measures how fast the machine multiplies large matrices, in rounds: the peak of what a network could reach.

    run_gemm_peak.py THREADS

Each line of standard input is a number of seconds; a JSON line with floating-point operations and seconds answers it.
Every thread multiplies two matrices [2048, 2048] of its own by OpenBLAS; one product stays on one thread.
"""

import ctypes
import json
import sys
import threading
import time

import numpy

SIZE, THREADS = 2048, int(sys.argv[1])
blas = ctypes.CDLL("libopenblas.so.0")
blas.openblas_set_num_threads(1)
pointer = ctypes.POINTER(ctypes.c_float)
workers = [[numpy.random.rand(SIZE, SIZE).astype("f4") for _ in range(3)] for _ in range(THREADS)]


def multiply(a, b, result):
    rows, no_transpose = 101, 111
    blas.cblas_sgemm(
        rows, no_transpose, no_transpose, SIZE, SIZE, SIZE, ctypes.c_float(1), a.ctypes.data_as(pointer), SIZE,
        b.ctypes.data_as(pointer), SIZE, ctypes.c_float(0), result.ctypes.data_as(pointer), SIZE)


for line in sys.stdin:
    end, counts, start = time.monotonic() + float(line), [0] * THREADS, time.monotonic()

    def work(worker):
        while counts[worker] == 0 or time.monotonic() < end:
            multiply(*workers[worker])
            counts[worker] += 1

    threads = [threading.Thread(target=work, args=[worker]) for worker in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"operations": sum(counts) * 2 * SIZE**3, "seconds": time.monotonic() - start}), flush=True)
