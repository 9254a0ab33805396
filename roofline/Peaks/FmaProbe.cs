namespace MlPerfEdu.Roofline.Peaks;

sealed class FmaProbe
{
    const long FirstRounds = 1 << 16;

    readonly ThreadTeam team;
    readonly float[] results;
    readonly long rounds;

    public FmaProbe(ThreadTeam team, double sampleSeconds)
    {
        this.team = team;
        results = new float[team.Size];
        rounds = Math.Max((long)(FirstRounds * sampleSeconds / Seconds(FirstRounds)), FirstRounds);
    }

    public static string Convention => $"fused multiply-adds on registers, {FmaKernel.Lanes} fp32 lanes, 2 FLOP each";

    public double FlopsPerSecond() => team.Size * FmaKernel.Flops(rounds) / Seconds(rounds);

    double Seconds(long count) => team.Seconds(thread => results[thread] = FmaKernel.Run(count));
}
