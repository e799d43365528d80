package import MynahModel
package import MynahNetwork

/// What a network did with a clip, decision by decision: for a person to look at.
///
/// The clip is heard as a stream that starts in a clean state; one that is shorter than the model's window is followed by
/// silence, so that the last posteriors are those that recognition gives.
package struct ClipTrace: Sendable {
    /// What one recurrent layer did; `T` decisions, `H` units, `G` gates.
    package struct Layer: Sendable {
        /// The recurrence.
        package let cell: Cell

        /// `[T][H]`, the state after each decision.
        package fileprivate(set) var states: [[Float]] = []

        /// `[G][T][H]`: what each gate let through, in the order of the cell.
        package fileprivate(set) var gates: [[[Float]]] = []

        /// `[T][H]`, how much of its old state each unit kept, `0 ... 1`; empty for a cell without such a gate.
        package var kept: [[Float]] {
            guard let gate = cell.keepingGate, gates.indices.contains(gate.index) else { return [] }
            return gate.isInverted ? gates[gate.index].map { $0.map { 1 - $0 } } : gates[gate.index]
        }
    }

    /// When the decisions were made.
    package let timing: StreamTiming

    /// `[T][C]`.
    package private(set) var posteriors: [[Float]] = []

    /// The recurrent layers, first to last.
    package private(set) var layers: [Layer] = []

    /// Follows a clip.
    ///
    /// - Parameters:
    ///   - samples: full scale ±1, at the rate of the model's front end.
    ///   - model: one whose network and front end need the past only.
    /// - Throws: ``RecognitionError`` when network or front end need the future, or cannot be built.
    package init(_ samples: [Float], model: CommandModel) throws(RecognitionError) {
        timing = StreamTiming(model)
        let recognizer = try StreamingRecognizer(model: model)
        func keep(_ time: Double, _ row: Span<Float>) {
            posteriors.append(row.indices.map { row[$0] })
            for (index, activity) in recognizer.activity.enumerated() {
                if index == layers.count {
                    layers.append(
                        Layer(
                            cell: activity.cell, gates: Array(repeating: [], count: activity.gates.count)))
                }
                layers[index].states.append(activity.state)
                for (gate, values) in activity.gates.enumerated() { layers[index].gates[gate].append(values) }
            }
        }
        let padded = samples + [Float](repeating: 0, count: max(0, model.clipSampleCount - samples.count))
        recognizer.push(padded.span, onPosteriors: keep)
        recognizer.finish(onPosteriors: keep)
    }
}
