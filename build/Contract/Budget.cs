using System.Text.Json.Serialization;

namespace MlPerfEdu.Contract;

/// <summary>The most that one run may cost. Memory is asserted; time depends on the machine, so more of it is only said.</summary>
/// <param name="Seconds">Of all training with its evaluations, of all inference, or of an experiment.</param>
/// <param name="MemoryMb">Of the process at its largest, in units of 2^20 bytes.</param>
public sealed record Budget(double Seconds, double MemoryMb)
{
    const double Mebibyte = 1 << 20;

    [JsonIgnore]
    public double MemoryBytes => MemoryMb * Mebibyte;

    public bool Holds(long bytes) => bytes <= MemoryBytes;

    /// <summary>What of the memory was used, as shown.</summary>
    public string Memory(long bytes) => $"{Math.Ceiling(bytes / Mebibyte):N0} of {MemoryMb:N0} MB";

    /// <summary>Why so much memory is too much, and what to do.</summary>
    public string TooMuch(long bytes) =>
        $"found {Math.Ceiling(bytes / Mebibyte):N0} MB resident at the peak of the run → expected at most {MemoryMb:N0} MB "
        + "→ hold fewer tensors at a time, or raise budget.memory_mb in workloads.yaml if the run has to be this large";

    /// <summary>That a run took longer than it may, and what to do; absent when it did not.</summary>
    public string? TooLong(double seconds) => seconds <= Seconds
        ? null
        : $"found {seconds:N0} s of work → expected at most {Seconds:N0} s (budget.seconds in workloads.yaml) "
            + "→ no failure: other programs were running, or this machine is slower than most";
}
