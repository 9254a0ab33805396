namespace MlPerfEdu.Serving;

/// <summary>Bad input to a serving kernel. Whatever it was given to is as it was before.</summary>
public sealed class ServingException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
