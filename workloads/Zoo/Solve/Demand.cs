namespace MlPerfEdu.Zoo;

/// <summary>What a model asks of any device to do one batch.</summary>
/// <param name="Traffic">Bytes that come from memory.</param>
/// <param name="Footprint">Bytes that must be in memory together.</param>
/// <param name="Resident">Of them, those that a small fast memory would have to hold.</param>
/// <param name="Layers">Kernels that are started one after the other.</param>
public readonly record struct Demand(Flop Work, ByteCount Traffic, ByteCount Footprint, ByteCount Resident, double Layers);
