namespace MlPerfEdu.Roofline.Count;

/// <summary>Sees every operator that libtorch dispatches, where that can be recorded.</summary>
public interface IOperatorRecorder
{
    /// <summary>Why nothing can be recorded here; absent when it can.</summary>
    string? Unavailable { get; }

    IReadOnlyList<RecordedOperator> Record(Action action);
}

/// <param name="Name">As libtorch spells it, such as aten::addmm.</param>
/// <param name="Shapes">One per argument, empty for what is no tensor.</param>
/// <param name="OutermostCalls">Calls that no other operator made.</param>
public sealed record RecordedOperator(string Name, IReadOnlyList<IReadOnlyList<long>> Shapes, long Calls, long OutermostCalls)
{
    /// <summary>What else is known of each argument; empty where a recorder sees shapes only.</summary>
    public IReadOnlyList<RecordedArgument> Arguments { get; init; } = [];
}

/// <param name="Values">A flag, or a list of numbers or flags; empty for anything else.</param>
/// <param name="Stored">How many elements a sparse tensor holds.</param>
public sealed record RecordedArgument(IReadOnlyList<long> Values, long? Stored);
