using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

/// <summary>The Open MPI of this machine.</summary>
static class Mpi
{
    static string? missing;
    static readonly OpenMpi? Found = OpenMpi.Find(Environment.GetEnvironmentVariable, out missing);

    public static OpenMpi Here => Found ?? throw new InvalidOperationException(missing);

    /// <summary>Why there is none; absent when there is.</summary>
    public static string? Missing => Found is null ? $"{missing} ({OpenMpi.HowToInstall})" : null;
}

/// <summary>A test that needs Open MPI, and is skipped with the reason where there is none.</summary>
sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute() => Skip = Mpi.Missing;
}

/// <inheritdoc cref="MpiFactAttribute"/>
sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute() => Skip = Mpi.Missing;
}
