namespace MlPerfEdu.Generator;

/// <summary>One module of serving.yaml.</summary>
public sealed record KernelModule
{
    public required string Id { get; init; }

    /// <summary>What the original calls it.</summary>
    public required string Name { get; init; }

    public required string Does { get; init; }

    /// <summary>Where ours is another thing than the original.</summary>
    public string? Differs { get; init; }

    public required IReadOnlyList<KernelRow> Rows { get; init; }

    public required int Line { get; init; }
}

/// <summary>One operation in one configuration.</summary>
/// <param name="Row">The row of the original's table, from 1; two configurations of one row have the same.</param>
/// <param name="OriginalMicroseconds">What the original's table says; absent where the original never timed this configuration.</param>
/// <param name="Reason">Why ours is less than ten times as fast; absent where it is.</param>
public sealed record KernelRow(int Row, string Operation, string Shapes, double? OriginalMicroseconds, string? Reason, int Line);
