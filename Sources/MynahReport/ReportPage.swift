internal import CReportPage
internal import Mustache
import MynahBase
public import MynahEvaluation

/// A report as a page of HTML that needs nothing else: no network, no script, no other file.
///
/// Sound files that lie beside the page are played in it; without them it is complete, too.
public struct ReportPage {
    /// Where sounds lie that a report names; nil for those that the page cannot play.
    public typealias SoundAddress = (_ file: String) -> String?

    private let report: EvaluationReport
    private let address: SoundAddress

    /// A page of a report.
    ///
    /// - Parameter address: the address, relative to the page, of a sound that is named as in the report.
    public init(_ report: EvaluationReport, address: @escaping SoundAddress = { _ in nil }) {
        self.report = report
        self.address = address
    }

    /// The page; the same for the same report.
    ///
    /// - Throws: `ReportError.badTemplate` when the library was built with a template that is none.
    public func html() throws(ReportError) -> String {
        let page: MustacheTemplate
        do {
            page = try MustacheTemplate(string: Self.template)
        } catch {
            throw .badTemplate(reason: "\(error)")
        }
        return page.render(content)
    }

    private static let template = text(reportTemplateBytes(), reportTemplateByteCount())
    private static let style = text(reportStyleBytes(), reportStyleByteCount())

    private static func text(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// What the template is filled with.
    private var content: [String: Any] {
        let provenance = report.provenance
        var sections: [PageSection] = []
        if let closedSet = report.closedSet {
            sections += ClosedSetSections(closedSet, address: address).sections
        }
        if let conditions = report.conditions { sections.append(ConditionSection(conditions).section) }
        if let noise = report.noiseAlone { sections.append(NoiseAloneSection(noise).section) }
        if let early = report.earlyDecision { sections.append(EarlyDecisionSection(early).section) }
        if let openSet = report.openSet {
            sections.append(OpenSetSection(openSet, address: address).section)
        }
        var content: [String: Any] = [
            "version": provenance.mynahVersion,
            "title": "Model evaluation: \(provenance.model)".printable,
            "subtitle": subtitle.printable,
            "style": Self.style,
            "cards": ["items": PageCards(report).cards.map(\.content)],
            "sections": sections.map(\.content),
            "facts": provenance.facts(models: [provenance]).map {
                ["name": $0.name, "value": $0.value.printable]
            },
        ]
        if !provenance.unreadableClips.isEmpty {
            content["unreadable"] = [
                "items": provenance.unreadableClips.map {
                    ["path": $0.path.printable, "reason": $0.reason.printable]
                }
            ]
        }
        return content
    }

    private var subtitle: String {
        let provenance = report.provenance
        let split = provenance.split.map { ", \($0) split" } ?? ""
        return "\(provenance.data)\(split). Measured by Mynah \(provenance.mynahVersion)."
    }
}

/// Why a page cannot be made.
public enum ReportError: Error, CustomStringConvertible {
    /// The template that the library was built with is none.
    case badTemplate(reason: String)

    /// One line.
    public var description: String {
        switch self {
        case .badTemplate(let reason): "the template of the report is damaged: \(reason.printable)"
        }
    }
}
