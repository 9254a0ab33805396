using System.Text.RegularExpressions;
using MlPerfEdu.Cli;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Fuzz;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Fuzz;

/// <summary>Commands with options and values drawn at random: each ends with an exit code that is documented, and none with a bug of ours.</summary>
public sealed partial class RandomCommandLineTests(ITestOutputHelper output)
{
    // They start other programs, or wait for them.
    static readonly string[] LeftOut = ["compare", "rank", "doctor"];

    static readonly string[] Words =
    [
        "first-workload", "second-workload", "nope", "first-worklaod", "small", "tiny", "mnist", "synthetic-strokes", "server", "offline", "1", "0", "-1", "2", "1..3", "3..1", "1,1", "1..99999999999",
        "2147483647", "2147483648", "9223372036854775807", "1e308", "-1e308", "NaN", "Infinity", "0.5", "1e-320", "fp16", "int4", "batch", "context", "gpt2-small", "llama3-8b", "h100", "this-machine",
        "csv", "gradescope", "fits-in-cache", "rms-norm", "selective", "adamw", "", " ", "--", "-", "--json", "--verbose", "--help", "@file", .. YamlMutation.Hostile.Where(word => !word.Contains('\0')),
    ];

    [Fact]
    public void A_random_command_line_ends_as_documented()
    {
        using var asked = new Clone();
        var commands = Commands(asked);
        Assert.True(commands.Count > 25, $"only {commands.Count} commands");
        Fuzzing.Try(200, output, number =>
        {
            using var clone = new Clone();
            if (number % 2 == 0)
                clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
            var line = Line(commands, number, clone);
            var answer = Answer.To(clone, line, Harmless(clone));
            var traced = !line.Contains("--verbose") && (answer.Out + answer.Error).Contains("   at ", StringComparison.Ordinal);
            Assert.True(answer.Exit is >= 0 and <= 4 && !traced, $"{string.Join(" ⏐ ", line)}\n{answer.Exit}: {answer.Error}");
        });
    }

    /// <summary>Each command with the options that its help lists.</summary>
    static List<(string[] Path, (string Name, string Value)[] Options)> Commands(Clone clone, params string[] path)
    {
        var help = Answer.To(clone, [.. path, "--help"]).Out;
        var (listed, examples) = (help.IndexOf("\nCommands:", StringComparison.Ordinal), help.IndexOf("Examples:", StringComparison.Ordinal));
        if (listed < 0)
            return [(path, [.. Option().Matches(help).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Where(option => option.Item1 is not ("--help" or "--beside"))])];
        var below = Below().Matches(help[listed..examples]).Select(match => match.Groups[1].Value).Where(name => path.Length > 0 || !LeftOut.Contains(name));
        return [.. below.SelectMany(name => Commands(clone, [.. path, name]))];
    }

    static string[] Line(List<(string[] Path, (string Name, string Value)[] Options)> commands, int number, Clone clone)
    {
        var random = new Random(number);
        var (path, options) = commands[random.Next(commands.Count)];
        var line = new List<string>(path);
        // What may name a file to write stays in the clone.
        var writes = path[0] is "mllog" or "rcp";
        for (var arguments = random.Next(3); arguments > 0; arguments--)
            line.Add(writes || random.Next(4) == 0 ? File() : Word());
        for (var times = random.Next(4); times > 0 && options.Length > 0; times--)
        {
            var (name, value) = options[random.Next(options.Length)];
            line.Add(name);
            if (value.Length > 0 && (value is "FILE" or "DIR" or "PATH" || random.Next(10) != 0))
                line.Add(value is "FILE" or "DIR" or "PATH" ? File() : Word());
        }
        if (path is ["rcp", "write"])
            line.AddRange(["--to", File()]);
        // Otherwise it would ask again and again whether the run goes on.
        if (path is ["watch"])
            line.Add("--once");
        if (random.Next(10) == 0)
            line.Insert(random.Next(line.Count), Words[random.Next(Words.Length)]);
        return [.. line];

        string Word() => Words[random.Next(Words.Length)];
        string File() => Path.Combine(clone.Repository.Root, random.Next(6) switch
        {
            0 => "README.md",
            1 => "artifacts/evidence",
            2 => "nowhere/file",
            3 => "workloads",
            4 => Path.GetRelativePath(clone.Repository.Root, Directory.EnumerateFiles(clone.Repository.Root, "*.json", SearchOption.AllDirectories).FirstOrDefault(clone.Repository.WorkloadsYaml)),
            _ => "out",
        });
    }

    /// <summary>Runs nothing that takes long, and asks no network.</summary>
    static Func<Services, Services> Harmless(Clone clone) => services => services with
    {
        In = new StringReader("1\n\nyes\n"),
        Runner = (_, _) => (entry, options, _, _) =>
        {
            var (path, written) = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, SampleEvidence.Of(entry, "2026-01-31T12-00-01Z") with { Seed = options.Seed });
            return new(written, path, []);
        },
        Repeater = (_, _) => (_, _, _, _) => throw new RunException("MLP1502", "no data"),
        PeakFinder = (_, _) => (_, _, _, _) => throw new RunException("MLP1502", "no data"),
        Answerer = (_, _) => (_, _, _, _) => throw new RunException("MLP1502", "no data"),
        Experiments = _ => (_, _, _, _) => throw new RunException("MLP1502", "no data"),
        Kernels = (_, _, _, _, _) => throw new RunException("MLP1502", "no data"),
        Fetcher = () => throw new DataException("MLP1044", "no network"),
    };

    [GeneratedRegex(@"\n  ([a-z]+)(?= )")]
    private static partial Regex Below();

    [GeneratedRegex(@"\n  (?:-\w, )?(--[a-z-]+)(?: <([^>]+)>)?")]
    private static partial Regex Option();
}
