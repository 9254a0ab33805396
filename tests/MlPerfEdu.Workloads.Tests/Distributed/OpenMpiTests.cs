using System.Diagnostics;
using System.Text.Json;
using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public sealed class OpenMpiTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlperfedu-path-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Is_missing_without_mpirun(string? path)
    {
        Assert.Null(OpenMpi.Find(_ => path, out var missing));
        Assert.Equal("Open MPI's mpirun is not on the PATH", missing);
    }

    [Theory]
    [InlineData("echo 'HYDRA build details:'")]
    [InlineData("exit 1")]
    public void Another_mpirun_is_not_taken_for_it(string script)
    {
        var mpirun = Mpirun(script);

        Assert.Null(OpenMpi.Find(_ => folder.FullName, out var missing));
        Assert.Equal($"{mpirun} is not Open MPI's", missing);
    }

    [Fact]
    public void Says_its_version()
    {
        var mpirun = Mpirun("echo 'mpirun (Open MPI) 5.0.7'; echo; echo 'Report bugs'");

        Assert.Equal(new OpenMpi(mpirun, "mpirun (Open MPI) 5.0.7"), OpenMpi.Find(_ => $"/nowhere:{folder.FullName}", out _));
    }

    [Fact]
    public void Without_it_a_run_is_skipped_and_says_what_to_install()
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["exec", typeof(Program).Assembly.Location, "run", "micro-dlrm-distributed", "--json"])
        {
            WorkingDirectory = ThisClone.Repository.Root, RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = "";
        using var run = Process.Start(start)!;
        using var answer = JsonDocument.Parse(run.StandardOutput.ReadToEnd());
        run.WaitForExit();
        var skipped = answer.RootElement.GetProperty("experiments")[0].GetProperty("skipped").GetString();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("mpirun is not on the PATH", skipped);
        Assert.Contains("apt-get install openmpi-bin", skipped);
        Assert.Contains("brew install open-mpi", skipped);
    }

    string Mpirun(string script)
    {
        var path = Path.Combine(folder.FullName, "mpirun");
        ShellScript.Write(path, script);
        return path;
    }
}
