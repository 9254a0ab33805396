namespace MlPerfEdu.Serving;

/// <summary>One row as a call that can be repeated without end.</summary>
/// <param name="Operation">As in serving.yaml.</param>
public sealed record Kernel(string Operation, Action Call)
{
    /// <summary>Two per multiply-add; absent where nothing countable is computed.</summary>
    public double? Flops { get; init; }

    /// <summary>Each operand and each result once; absent where what moves is not countable.</summary>
    public double? Bytes { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>True where the result is a new object by its nature, so that a call allocates.</summary>
    public bool MakesObjects { get; init; }
}
