using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Compare;

namespace MlPerfEdu.Workloads.Tests.Compare;

/// <summary>A program in Python's place: it imports torch without complaint, and otherwise does what a shell script says.</summary>
sealed class FakePython : IDisposable
{
    /// <summary>Answers as a twin of 20 parameters would whose steps take two milliseconds.</summary>
    public const string Works = """
        read config
        echo '{"torch": "9.9", "threads": 2, "blas": null, "parameters": 20}'
        while read steps; do printf '{"seconds": %d.%03d}\n' $((steps * 2 / 1000)) $((steps * 2 % 1000)); done
        """;

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-python-").FullName;

    public FakePython(string script)
    {
        Path = System.IO.Path.Combine(folder, "python");
        ShellScript.Write(Path, $"[ \"$1\" = -c ] && exit 0\n{script}");
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

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
