namespace MlPerfEdu.Zoo;

/// <summary>A connection as its vendor states it.</summary>
/// <param name="BothDirections">The stated bandwidth is that of sending and receiving together.</param>
public sealed record Link(string Name, ByteRate Bandwidth, bool BothDirections)
{
    public ByteRate OneWay => BothDirections ? Bandwidth * 0.5 : Bandwidth;
}
