using System.Diagnostics;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>Another process that is busy for a random while, then idle for one, until it is disposed.</summary>
sealed class RandomLoad : IDisposable
{
    // Fractions of a second busy, then idle; the shell itself is the load.
    const string Script =
        "awk 'BEGIN { srand(7); while (1) { print int(rand() * 1200) + 100, int(rand() * 15) / 10; fflush() } }' | "
        + "while read work idle; do i=0; while [ $i -lt \"$((work * 300))\" ]; do i=$((i + 1)); done; sleep \"$idle\"; done";

    readonly Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", Script]))!;

    public void Dispose()
    {
        shell.Kill(entireProcessTree: true);
        shell.Dispose();
    }
}
