import ArgumentParser
import MynahData
public import MynahNetwork
public import MynahTraining

// Choices that are given by name on the command line.
extension NetworkPreset: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}
extension ScheduleShape: ExpressibleByArgument {}
extension ProductPrecision: ExpressibleByArgument {}
