namespace MlPerfEdu.Zoo;

/// <summary>A question that cannot be answered; made only by <see cref="ZooErrors"/>. README.md has a heading for each code.</summary>
public sealed class ZooException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
