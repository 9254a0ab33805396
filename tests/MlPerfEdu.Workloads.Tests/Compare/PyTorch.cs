using MlPerfEdu.Workloads.Compare;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Tests.Compare;

/// <summary>The PyTorch of this machine.</summary>
static class PyTorch
{
    static readonly Lazy<(string? Python, string? Missing)> Found = new(() =>
    {
        try
        {
            return (PythonFinder.Find(Environment.GetEnvironmentVariable, default), null);
        }
        catch (EnvironmentProblem problem)
        {
            return (null, problem.Message);
        }
    });

    public static string Python => Found.Value.Python ?? throw new InvalidOperationException(Missing);

    /// <summary>Why there is none; absent when there is.</summary>
    public static string? Missing => Found.Value.Missing;
}

/// <summary>A test that needs PyTorch, and is skipped with the reason where there is none.</summary>
sealed class PyTorchTheoryAttribute : TheoryAttribute
{
    public PyTorchTheoryAttribute() => Skip = PyTorch.Missing;
}

/// <inheritdoc cref="PyTorchTheoryAttribute"/>
sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute() => Skip = PyTorch.Missing;
}
