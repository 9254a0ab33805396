namespace MlPerfEdu.Zoo;

/// <summary>A training step as it was counted and timed, and the machine as it was at that time.</summary>
/// <param name="Traffic">Bytes that its operators read and write, each by itself.</param>
/// <param name="Calls">Operators called.</param>
/// <param name="Bandwidth">Of the memory that the step works in.</param>
public sealed record TimedStep(string Id, Flop Work, ByteCount Traffic, double Calls, FlopRate Peak, ByteRate Bandwidth, Duration Time);
