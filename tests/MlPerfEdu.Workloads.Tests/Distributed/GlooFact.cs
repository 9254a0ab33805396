using MlPerfEdu.Workloads.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

/// <summary>A test that needs process groups, and is skipped with the reason where the provider has none.</summary>
sealed class GlooFactAttribute : FactAttribute
{
    public GlooFactAttribute() => Skip = GlooGroup.Unavailable;
}

/// <inheritdoc cref="GlooFactAttribute"/>
sealed class GlooTheoryAttribute : TheoryAttribute
{
    public GlooTheoryAttribute() => Skip = GlooGroup.Unavailable;
}
