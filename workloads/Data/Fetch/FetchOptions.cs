namespace MlPerfEdu.Data;

/// <summary>How patient a download is. The defaults suit a home connection; tests shorten them.</summary>
public sealed record FetchOptions
{
    public const int MostRedirects = 5;

    /// <summary>Without a byte for this long, a connection is given up.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries of one address, the first included.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause before the second try; it doubles each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for another run that fetches the same file.</summary>
    public TimeSpan LockLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What the stall limit is measured with; replaced in tests of a stall.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where received bytes go; replaced in tests of a full disk.</summary>
    internal Func<string, FileMode, Stream> OpenPart { get; init; } = (path, mode) => new FileStream(path, mode, FileAccess.Write, FileShare.Read, 1 << 16);
}

/// <summary>How far a download has come.</summary>
/// <param name="Total">Bytes of the whole file.</param>
public readonly record struct FetchProgress(string File, long Received, long Total);
