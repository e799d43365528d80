internal import COpenBLAS
internal import CVectorMath
internal import Glibc
internal import Synchronization

/// Matrix products, by OpenBLAS.
enum MatrixProduct {
    /// Whether OpenBLAS may be called from several threads at once.
    ///
    /// Its build without threads shares scratch memory between callers without a lock and then returns wrong products;
    /// where a system has only that one, the products take turns. Either way each product stays on its calling thread:
    /// Mynah splits clips over threads, and threads below threads only contend.
    private static let isThreadSafe: Bool = {
        openblas_set_num_threads(1)
        chooseKernels()
        return openblas_get_parallel() != OPENBLAS_SEQUENTIAL
    }()

    /// Makes OpenBLAS use the vector instructions of a processor that is younger than the library.
    ///
    /// OpenBLAS up to 0.3.23 knows processors by model number. On one that it does not know it falls back to kernels for
    /// SSE3 ("Prescott"), which costs a factor of 4, or, on AMD's processors with AVX-512, for AVX2 ("Haswell", "Zen"), which
    /// costs a factor of 2. It is then started again with the kernels that the processor's feature flags allow. A person's
    /// own `OPENBLAS_CORETYPE` is left alone.
    private static func chooseKernels() {
        let coreType = "OPENBLAS_CORETYPE"
        guard getenv(coreType) == nil, let name = openblas_get_corename() else { return }
        let kernels: String
        switch (mynah_vector_level(), String(cString: name)) {
        case (4, "Prescott"), (4, "Haswell"), (4, "Zen"): kernels = "SkylakeX"
        case (3, "Prescott"): kernels = "Haswell"
        default: return
        }
        guard let stop = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init")
        else { return }
        setenv(coreType, kernels, 1)
        unsafeBitCast(stop, to: (@convention(c) () -> Void).self)()
        unsafeBitCast(start, to: (@convention(c) () -> Void).self)()
        unsetenv(coreType)
    }

    private static let turn = Mutex<Void>(())

    /// `result = a b`, or `result += a b` where `accumulating`; `a` and `b` are read transposed on request.
    static func multiply(
        _ a: MatrixView, transposingFirst aTransposed: Bool = false,
        by b: MatrixView, transposingSecond bTransposed: Bool = false,
        into result: MatrixView, accumulating: Bool = false
    ) {
        let (m, k) = aTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
        let (inner, n) = bTransposed ? (b.columns, b.rows) : (b.rows, b.columns)
        precondition(
            k == inner && result.rows == m && result.columns == n,
            """
            product of \(a.shape)\(aTransposed ? "ᵀ" : "") and \(b.shape)\(bTransposed ? "ᵀ" : "") \
            into \(result.shape)
            """)
        guard m > 0, n > 0 else { return }
        if isThreadSafe {
            callBLAS(a, aTransposed, b, bTransposed, m, n, k, result, accumulating)
        } else {
            turn.withLock { _ in callBLAS(a, aTransposed, b, bTransposed, m, n, k, result, accumulating) }
        }
    }

    private static func callBLAS(
        _ a: MatrixView, _ aTransposed: Bool, _ b: MatrixView, _ bTransposed: Bool, _ m: Int, _ n: Int,
        _ k: Int,
        _ result: MatrixView, _ accumulating: Bool
    ) {
        if m == 1 && !aTransposed {
            // A matrix–vector product is bound by memory; sgemm would pack the matrix first.
            cblas_sgemv(
                CblasRowMajor, bTransposed ? CblasNoTrans : CblasTrans, blasint(b.rows), blasint(b.columns),
                1,
                b.base, blasint(b.stride), a.base, 1, accumulating ? 1 : 0, result.base, 1)
            return
        }
        cblas_sgemm(
            CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans,
            bTransposed ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
            a.base, blasint(a.stride), b.base, blasint(b.stride), accumulating ? 1 : 0,
            result.base, blasint(result.stride))
    }
}
