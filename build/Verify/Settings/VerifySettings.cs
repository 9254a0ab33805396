using System.Text;

namespace VerifyTests;

public delegate bool AutoVerify(string verifiedFile);

/// <summary>What differs from the default for one snapshot.</summary>
public class VerifySettings
{
    internal string? FileName, TypeName, MethodName, ParametersText;
    internal object?[]? Parameters;
    internal bool UniquePrefixDisabled, ThrowAfterAccepting;
    internal AutoVerify? Accepts;

    public VerifySettings()
    {
    }

    public VerifySettings(VerifySettings? settings)
    {
        if (settings is null)
            return;
        Directory = settings.Directory;
        (FileName, TypeName, MethodName) = (settings.FileName, settings.TypeName, settings.MethodName);
        (Parameters, ParametersText) = (settings.Parameters, settings.ParametersText);
        (UniquePrefixDisabled, Accepts, ThrowAfterAccepting) =
            (settings.UniquePrefixDisabled, settings.Accepts, settings.ThrowAfterAccepting);
        (Scrubbers, Serialization) = (settings.Scrubbers.Copy(), settings.Serialization.Copy());
    }

    public string? Directory { get; private set; }

    public void UseDirectory(string directory)
    {
        FileNames.CheckDirectory(directory);
        Directory = directory;
    }

    public void UseFileName(string fileName)
    {
        FileNames.CheckName(fileName);
        if (MethodName is not null || TypeName is not null)
            throw new InvalidOperationException("UseFileName names the whole file: leave out UseMethodName and UseTypeName.");
        FileName = fileName;
    }

    public void UseTypeName(string name)
    {
        FileNames.CheckName(name);
        ThrowIfFileNamed();
        TypeName = name;
    }

    public void UseMethodName(string name)
    {
        FileNames.CheckName(name);
        ThrowIfFileNamed();
        MethodName = name;
    }

    public void UseParameters(params object?[] parameters)
    {
        if (parameters is not { Length: > 0 })
            throw new ArgumentException("UseParameters needs at least one value.", nameof(parameters));
        ThrowIfFileNamed();
        if (ParametersText is not null)
            throw new InvalidOperationException("UseTextForParameters stands for the parameters: leave out UseParameters.");
        Parameters = parameters;
    }

    public void UseParameters<T>(T parameter) => UseParameters(new object?[] { parameter });

    public void UseParameters<T>(T[] parameters) => UseParameters(new object?[] { parameters });

    public void UseTextForParameters(string parametersText)
    {
        FileNames.CheckName(parametersText);
        if (Parameters is not null)
            throw new InvalidOperationException("UseTextForParameters stands for the parameters: leave out UseParameters.");
        ParametersText = parametersText;
    }

    public void DisableRequireUniquePrefix() => UniquePrefixDisabled = true;

    // The stand-in never starts a diff tool, so there is nothing to turn off.
#pragma warning disable CA1822 // an instance method in Verify, so one here
    public void DisableDiff()
    {
    }
#pragma warning restore CA1822

    public void AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        AutoVerify(_ => true, includeBuildServer, throwException);

    public void AutoVerify(AutoVerify autoVerify, bool includeBuildServer = true, bool throwException = false)
    {
        if (!includeBuildServer && BuildServer.Detected)
            return;
        (Accepts, ThrowAfterAccepting) = (autoVerify, throwException);
    }

    void ThrowIfFileNamed()
    {
        if (FileName is not null)
            throw new InvalidOperationException("UseFileName names the whole file: leave out the other names and parameters.");
    }

    internal ScrubberList Scrubbers = new();
    internal SerializationChoices Serialization = VerifierSettings.Serialization.Copy();

    public void AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        Scrubbers.Add((text, _) => scrubber(text), location);

    public void AddScrubber(Action<StringBuilder, Counter> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        Scrubbers.Add(scrubber, location);

    public void ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(InlineGuids.Replace, location);

    public void ScrubEmptyLines(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(Lines.RemoveEmpty, location);

    public void ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber(text => Lines.Remove(text, removeLine), location);

    public void ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber(text => Lines.Replace(text, replaceLine), location);

    public void ScrubLinesContaining(params string[] stringToMatch) => ScrubLinesContaining(ScrubberLocation.First, stringToMatch);

    public void ScrubLinesContaining(ScrubberLocation location = ScrubberLocation.First, params string[] stringToMatch) =>
        ScrubLinesContaining(StringComparison.OrdinalIgnoreCase, location, stringToMatch);

    public void ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) =>
        ScrubLinesContaining(comparison, ScrubberLocation.First, stringToMatch);

    public void ScrubLinesContaining(StringComparison comparison, ScrubberLocation location, params string[] stringToMatch) =>
        AddScrubber(text => Lines.RemoveContaining(text, comparison, stringToMatch), location);

    public void IgnoreMember(string name) => Serialization.Ignored.Add(name);

    public void IgnoreMembers(params string[] names) => Serialization.Ignored.UnionWith(names);

    public void ScrubMember(string name) => Serialization.Scrubbed.Add(name);

    public void ScrubMembers(params string[] names) => Serialization.Scrubbed.UnionWith(names);

    public void DontScrubGuids() => Serialization.ScrubGuids = false;

    public void DontScrubDateTimes() => Serialization.ScrubDateTimes = false;

    public void DontIgnoreEmptyCollections() => Serialization.IgnoreEmptyCollections = false;
}
