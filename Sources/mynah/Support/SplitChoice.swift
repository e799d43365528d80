import MynahData
import MynahEvaluation

/// The way out where a split has no clips.
enum SplitChoice {
    /// Adds to an error about an empty split which other one to name with `--split`, if the command has that option.
    static func check<Result>(canChoose: Bool, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch EvaluationError.emptySplit(let folder, let split, let found) where canChoose {
            throw CommandError.emptySplit(folder: folder, split: split, found: found)
        }
    }
}
