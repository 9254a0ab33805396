using System.Text;

namespace VerifyTests;

enum Outcome
{
    New,
    NotEqual,
    Equal,
}

/// <summary>What a comparison found, and the message that tells it: first the files by kind, then the texts, in the form that
/// tools for Verify read.</summary>
sealed record Differences(SnapshotPaths Paths, string Extension, Outcome Outcome, string Received, string? Verified, IReadOnlyList<string> Superfluous)
{
    public string ReceivedPath => Paths.Received(Extension);
    public string VerifiedPath => Paths.Verified(Extension);
    public bool None => Outcome == Outcome.Equal && Superfluous.Count == 0;

    public string Message()
    {
        var message = new StringBuilder($"Directory: {Paths.Directory}\n");
        if (Outcome != Outcome.Equal)
            AppendFiles(message);
        if (Superfluous.Count > 0)
            message.Append("Delete:\n");
        foreach (var file in Superfluous)
            message.Append($"  - {Path.GetFileName(file)}\n");
        if (Outcome == Outcome.Equal)
            AppendFiles(message);
        else if (!VerifierSettings.ContentOmitted)
            AppendContent(message);
        return message.ToString();
    }

    void AppendFiles(StringBuilder message) =>
        message.Append($"{Outcome}:\n  - Received: {Path.GetFileName(ReceivedPath)}\n    Verified: {Path.GetFileName(VerifiedPath)}\n");

    void AppendContent(StringBuilder message)
    {
        message.Append($"\nFileContent:\n\n{Outcome}:\n\nReceived: {Path.GetFileName(ReceivedPath)}\n{Received}\n");
        if (Outcome == Outcome.NotEqual)
            message.Append($"Verified: {Path.GetFileName(VerifiedPath)}\n{Verified}\n");
        message.Append('\n');
    }
}
