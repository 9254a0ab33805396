using System.Reflection;
using System.Text;

namespace VerifyTests;

/// <summary>What holds for every snapshot of a test project; set it in a module initializer.</summary>
public static class VerifierSettings
{
    internal static ScrubberList Scrubbers { get; } = new();
    internal static SerializationChoices Serialization { get; } = new();
    internal static bool ThrowAfterAccepting { get; private set; }
    internal static bool Accepts { get; private set; }

    public static void AutoVerify(bool includeBuildServer = true, bool throwException = false)
    {
        RunState.ThrowIfBegun();
        if (includeBuildServer || !BuildServer.Detected)
            (Accepts, ThrowAfterAccepting) = (true, throwException);
    }

    /// <summary>Says which project the snapshots belong to, for a call that comes before the first comparison.</summary>
    public static void AssignTargetAssembly(Assembly assembly) => Project.Use(assembly);

    public static void AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First)
    {
        RunState.ThrowIfBegun();
        Scrubbers.Add((text, _) => scrubber(text), location);
    }

    public static void IgnoreMember(string name)
    {
        RunState.ThrowIfBegun();
        Serialization.Ignored.Add(name);
    }
}

/// <summary>How values become text: which members are left out or hidden, and what is replaced by a counter.</summary>
sealed class SerializationChoices
{
    public HashSet<string> Ignored { get; private init; } = new(StringComparer.Ordinal);
    public HashSet<string> Scrubbed { get; private init; } = new(StringComparer.Ordinal);
    public bool ScrubGuids { get; set; } = true;
    public bool IgnoreEmptyCollections { get; set; } = true;

    public SerializationChoices Copy() => new()
    {
        Ignored = new(Ignored, StringComparer.Ordinal),
        Scrubbed = new(Scrubbed, StringComparer.Ordinal),
        ScrubGuids = ScrubGuids,
        IgnoreEmptyCollections = IgnoreEmptyCollections,
    };
}
