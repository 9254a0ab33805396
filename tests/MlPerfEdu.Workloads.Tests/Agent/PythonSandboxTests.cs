using MlPerfEdu.Workloads.Agent.NanoCodegen;
using Xunit.Abstractions;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class PythonSandboxTests(ITestOutputHelper output)
{
    static readonly string[] Tests = ["assert f([3, 1, 2]) == 6"];

    [Fact]
    public void A_program_passes_or_fails_by_its_tests()
    {
        if (Here() is not { } sandbox) return;
        Assert.Equal(Verdict.Passed, sandbox.Run("import math\ndef f(a): return math.floor(sum(a))", ["import re", .. Tests]));
        Assert.Equal(Verdict.WrongValue, sandbox.Run("def f(a): return 5", Tests));
        Assert.Equal(Verdict.Threw, sandbox.Run("def f(a): return 1 / 0", Tests));
        Assert.Equal(Verdict.Threw, sandbox.Run("function f(a){return a}", Tests));
    }

    [Fact]
    public void Hostile_programs_fail_and_this_process_lives_on()
    {
        if (Here() is not { } sandbox) return;
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}");
        string[] programs =
        [
            "while True: pass",
            "x = 'x' * (1 << 32)\nf = sum",
            "x = [0]\nwhile True: x += x",
            "def f(a): return f(a)",
            "import os\ndef f(a): os._exit(0)",
            "import sys\nsys.exit(0)",
            "raise SystemExit(0)",
            "import os\nos.fork()\nf = sum",
            "import os\nos.kill(os.getppid(), 9)\nf = sum",
            "import os\nos.system('true')\nf = sum",
            "import subprocess\nf = sum",
            "import socket\nf = sum",
            "import _socket\n_socket.socket()\nf = sum",
            "import ctypes\nf = sum",
            "open('/etc/passwd')\nf = sum",
            $"open('{file}', 'w')\nf = sum",
            "import posix\nposix.open('/etc/passwd', 0)\nf = sum",
            "import sys\nsys.stdout.write('passed')\nf = len",
        ];
        Assert.All(programs, program => Assert.True(sandbox.Run(program, Tests) != Verdict.Passed, program));
        Assert.False(File.Exists(file));
        Assert.Equal(Verdict.Passed, sandbox.Run("f = sum", Tests));
    }

    [Fact]
    public void Without_Python_it_says_why()
    {
        var (sandbox, whyNot) = PythonSandbox.Open("no-such-python");
        Assert.Null(sandbox);
        Assert.Contains("no-such-python", OperatingSystem.IsWindows() ? "no-such-python" : whyNot);
    }

    PythonSandbox? Here()
    {
        var (sandbox, whyNot) = PythonSandbox.Open();
        if (sandbox is null) output.WriteLine($"Not tried: {whyNot}.");
        return sandbox;
    }
}
