using System.Reflection;
using System.Text;

namespace VerifyTests;

public delegate bool GlobalAutoVerify(string typeName, string methodName, string verifiedFile);

/// <summary>What holds for every snapshot of a test project; set it in a module initializer.</summary>
public static class VerifierSettings
{
    internal static ScrubberList Scrubbers { get; } = new();
    internal static SerializationChoices Serialization { get; } = new();
    internal static bool UniquePrefixDisabled { get; private set; }
    internal static bool ContentOmitted { get; private set; }
    internal static bool ThrowAfterAccepting { get; private set; }
    internal static GlobalAutoVerify? Accepts { get; private set; }

    public static void AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        AutoVerify((_, _, _) => true, includeBuildServer, throwException);

    public static void AutoVerify(GlobalAutoVerify autoVerify, bool includeBuildServer = true, bool throwException = false)
    {
        RunState.ThrowIfBegun();
        if (!includeBuildServer && BuildServer.Detected)
            return;
        (Accepts, ThrowAfterAccepting) = (autoVerify, throwException);
    }

    /// <summary>Says which project the snapshots belong to, for a call that comes before the first comparison.</summary>
    public static void AssignTargetAssembly(Assembly assembly) => Project.Use(assembly);

    public static void OmitContentFromException() => ContentOmitted = true;

    public static void DisableRequireUniquePrefix()
    {
        RunState.ThrowIfBegun();
        UniquePrefixDisabled = true;
    }

    public static void AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber((text, _) => scrubber(text), location);

    public static void AddScrubber(Action<StringBuilder, Counter> scrubber, ScrubberLocation location = ScrubberLocation.First)
    {
        RunState.ThrowIfBegun();
        Scrubbers.Add(scrubber, location);
    }

    public static void ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(InlineGuids.Replace, location);

    public static void ScrubEmptyLines(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(Lines.RemoveEmpty, location);

    public static void ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber(text => Lines.Remove(text, removeLine), location);

    public static void ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber(text => Lines.Replace(text, replaceLine), location);

    public static void ScrubLinesContaining(params string[] stringToMatch) =>
        AddScrubber(text => Lines.RemoveContaining(text, StringComparison.OrdinalIgnoreCase, stringToMatch));

    public static void IgnoreMember(string name) => IgnoreMembers(name);

    public static void IgnoreMembers(params string[] names)
    {
        RunState.ThrowIfBegun();
        Serialization.Ignored.UnionWith(names);
    }

    public static void ScrubMember(string name) => ScrubMembers(name);

    public static void ScrubMembers(params string[] names)
    {
        RunState.ThrowIfBegun();
        Serialization.Scrubbed.UnionWith(names);
    }

    public static void DontScrubGuids()
    {
        RunState.ThrowIfBegun();
        Serialization.ScrubGuids = false;
    }

    public static void DontScrubDateTimes()
    {
        RunState.ThrowIfBegun();
        Serialization.ScrubDateTimes = false;
    }

    public static void DontIgnoreEmptyCollections()
    {
        RunState.ThrowIfBegun();
        Serialization.IgnoreEmptyCollections = false;
    }
}

/// <summary>How values become text: which members are left out or hidden, and what is replaced by a counter.</summary>
sealed class SerializationChoices
{
    public HashSet<string> Ignored { get; private init; } = new(StringComparer.Ordinal);
    public HashSet<string> Scrubbed { get; private init; } = new(StringComparer.Ordinal);
    public bool ScrubGuids { get; set; } = true;
    public bool ScrubDateTimes { get; set; } = true;
    public bool IgnoreEmptyCollections { get; set; } = true;

    public SerializationChoices Copy() => new()
    {
        Ignored = new(Ignored, StringComparer.Ordinal),
        Scrubbed = new(Scrubbed, StringComparer.Ordinal),
        ScrubGuids = ScrubGuids,
        ScrubDateTimes = ScrubDateTimes,
        IgnoreEmptyCollections = IgnoreEmptyCollections,
    };
}
