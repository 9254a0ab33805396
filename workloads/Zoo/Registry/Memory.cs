namespace MlPerfEdu.Zoo;

/// <summary>A memory beside the main one. Without a bandwidth, no prediction uses it.</summary>
public sealed record Memory(ByteCount Capacity, ByteRate? Bandwidth);
