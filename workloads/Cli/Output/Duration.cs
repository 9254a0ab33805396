namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>How long something takes, as people say it.</summary>
static class Duration
{
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => $"{Math.Max(0, time.TotalSeconds):0.0} s",
        { TotalSeconds: < 59.5 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds:00} s",
        _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
    };

    public static string Of(double seconds) => Of(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)));
}
