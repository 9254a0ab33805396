namespace MlPerfEdu.Roofline.Peaks;

/// <summary>One kernel on every thread of a team.</summary>
sealed class FmaProbe
{
    const int FirstRounds = 1 << 10;

    readonly ThreadTeam team;
    readonly RegisterKernel kernel;
    readonly float[] results;
    readonly long rounds;

    public FmaProbe(ThreadTeam team, RegisterKernel kernel, double sampleSeconds)
    {
        this.team = team;
        this.kernel = kernel;
        results = new float[team.Size];
        rounds = FirstRounds;
        double seconds;
        // Doubled until the start of the threads is lost in it; the better of two, in case one waited for a core.
        while ((seconds = Math.Min(Seconds(rounds), Seconds(rounds))) < sampleSeconds / 4)
            rounds *= 2;
        rounds = (long)Math.Max(rounds * sampleSeconds / seconds, 1);
    }

    public double FlopsPerSecond() => team.Size * kernel.FlopsPerRound * rounds / Seconds(rounds);

    double Seconds(long count) => team.Seconds(thread => results[thread] = kernel.Run(count));
}
