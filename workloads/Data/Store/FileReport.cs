namespace MlPerfEdu.Data;

/// <summary>What a check of one file found; no problem means that its bytes are the pinned ones.</summary>
public sealed record FileReport(string Path, string Sha256, DataException? Problem);
