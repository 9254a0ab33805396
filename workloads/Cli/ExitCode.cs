namespace MlPerfEdu.Workloads.Cli;

/// <summary>What the process answers to a shell. README.md and every command's help explain these.</summary>
enum ExitCode
{
    Ok = 0,

    /// <summary>A target was missed, a regime changed, a run got worse, or a verification found something.</summary>
    Failed = 1,

    /// <summary>The command line asks for something that does not exist.</summary>
    Usage = 2,

    /// <summary>Data is missing or its bytes are not the pinned ones.</summary>
    Data = 3,

    /// <summary>The clone, a file of it, a library or the machine is not as it must be.</summary>
    Environment = 4,

    /// <summary>A mistake of this program.</summary>
    Internal = 5,

    /// <summary>Stopped by Ctrl-C or SIGTERM.</summary>
    Interrupted = 130,
}
