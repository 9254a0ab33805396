namespace MlPerfEdu.Generator;

/// <summary>One mistake in an input file. Line and column count from 1; 0 means that the place is unknown.</summary>
public sealed record Diagnostic(string Code, string File, int Line, int Column, string Message)
{
    /// <summary>The form that build tools and editors recognise.</summary>
    public override string ToString() =>
        Line > 0 ? $"{File}({Line},{Column}): error {Code}: {Message}" : $"{File}: error {Code}: {Message}";
}
