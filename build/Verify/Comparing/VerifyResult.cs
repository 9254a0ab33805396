namespace VerifyTests;

/// <summary>What a comparison that succeeded was about.</summary>
public class VerifyResult
{
    readonly string[] files;

    internal VerifyResult(string[] files, object? target)
    {
        this.files = files;
        Target = target;
    }

    public object? Target { get; }

    public IEnumerable<string> Files => files;

    public IEnumerable<string> TextFiles => files;

    public string Text => File.ReadAllText(files.Single());
}
