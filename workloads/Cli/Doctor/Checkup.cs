namespace MlPerfEdu.Workloads.Cli.Doctor;

enum Health
{
    Ok,

    /// <summary>Works, but slower or less certain than it could.</summary>
    Warn,

    /// <summary>Something will not work.</summary>
    Fail,
}

/// <summary>What one check found.</summary>
/// <param name="Advice">What to do about it; empty when all is well.</param>
sealed record Checkup(string Subject, Health Health, string Found, string Advice)
{
    public static Checkup Ok(string subject, string found) => new(subject, Health.Ok, found, "");

    public static Checkup Warn(string subject, string found, string advice) => new(subject, Health.Warn, found, advice);

    public static Checkup Fail(string subject, string found, string advice) => new(subject, Health.Fail, found, advice);
}
