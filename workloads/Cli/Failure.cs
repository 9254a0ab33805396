using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Running;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>What an exception means to the user: an exit code, a stable code and a message.</summary>
sealed record Failure(ExitCode Exit, string Code, string Message)
{
    public static Failure Of(Exception error, CancellationToken stop) => error switch
    {
        // Ctrl-C reaches child processes, too: what they leave behind is no failure of its own.
        _ when stop.IsCancellationRequested => Interrupted,
        AggregateException { InnerExceptions: [var only] } => Of(only, stop),
        TypeInitializationException { InnerException: { } inner } => Of(inner, stop),
        CliException e => new(e.Exit, e.Code, e.Message),
        SizeException e => new(ExitCode.Environment, e.Code, e.Message),
        RunException e => new(ExitOf(e), e.Code, e.Message),
        EnvironmentProblem e => new(ExitCode.Environment, e.Code, Without(e.Code, e.Message)),
        DataException e => new(ExitCode.Data, e.Code, Without(e.Code, e.Message)),
        KernelException e => new(ExitCode.Usage, e.Code, e.Message),
        ZooException e => new(ExitCode.Usage, e.Code, e.Message),
        CatalogException e => new(ExitCode.Environment, e.Problems[0].Code, e.Message),
        EvidenceException e => new(ExitCode.Failed, e.Findings.Count > 0 ? e.Findings[0].Code : "MLP3002", e.Message),
        LibtorchException e => new(ExitCode.Environment, LibtorchException.Code, e.Message),
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => new(ExitCode.Environment, "MLP2012",
            $"found that a native library cannot be used ({error.Message}) → expected libtorch and its companions → `mlperfedu doctor` says what is missing."),
        OutOfMemoryException => new(ExitCode.Environment, "MLP2013",
            "found that memory ran out → expected enough for the workload → close other programs or choose a smaller workload."),
        UnauthorizedAccessException or IOException => new(ExitCode.Environment, "MLP2014",
            $"found that a file cannot be used ({error.Message}) → expected readable files, a writable clone and free disk → correct that and try again."),
        _ => new(ExitCode.Internal, "MLP2099",
            $"this is our bug: {error.GetType().Name}: {error.Message} → please report it with the command line; --verbose shows where it happened."),
    };

    /// <summary>The line on the error stream.</summary>
    public override string ToString() => $"error {Code}: {Message}";

    /// <summary>The form in JSON.</summary>
    public ErrorResult Result => new(Code, Message, (int)Exit);

    public static Failure Interrupted { get; } = new(ExitCode.Interrupted, "MLP2098",
        "stopped on request → nothing is half-written → run the command again to go on.");

    static ExitCode ExitOf(RunException error) => error.Code switch
    {
        "MLP1502" => ExitCode.Data,
        "MLP1503" or "MLP1536" => ExitCode.Usage,
        // A loss that stops being a number is a verdict on the recipe.
        "MLP1504" => ExitCode.Failed,
        _ => ExitCode.Environment,
    };

    // Some libraries begin the message with its code.
    static string Without(string code, string message) =>
        message.StartsWith($"{code}: ", StringComparison.Ordinal) ? message[(code.Length + 2)..] : message;
}

sealed record ErrorResult(string Code, string Message, int ExitCode);
