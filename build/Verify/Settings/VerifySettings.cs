using System.Runtime.CompilerServices;
using System.Text;

namespace VerifyTests;

/// <summary>A comparison that starts when it is awaited; until then its settings can be changed in a chain of calls.</summary>
public class SettingsTask(VerifySettings? settings, Func<VerifySettings, Task<VerifyResult>> buildTask)
{
    readonly VerifySettings current = new(settings);
    Task<VerifyResult>? task;

    public VerifySettings CurrentSettings =>
        task is null ? current : throw new InvalidOperationException("The comparison has started already: change its settings before awaiting it.");

    public Task<VerifyResult> ToTask() => task ??= buildTask(current);

    public TaskAwaiter<VerifyResult> GetAwaiter() => ToTask().GetAwaiter();

    public static implicit operator Task<VerifyResult>(SettingsTask settingsTask) => settingsTask.ToTask();

    public SettingsTask UseDirectory(string directory) => With(settings => settings.UseDirectory(directory));

    public SettingsTask UseFileName(string fileName) => With(settings => settings.UseFileName(fileName));

    public SettingsTask UseTypeName(string name) => With(settings => settings.UseTypeName(name));

    public SettingsTask UseMethodName(string name) => With(settings => settings.UseMethodName(name));

    public SettingsTask UseParameters(params object?[] parameters) => With(settings => settings.UseParameters(parameters));

    public SettingsTask UseParameters<T>(T parameter) => With(settings => settings.UseParameters(parameter));

    public SettingsTask UseParameters<T>(T[] parameters) => With(settings => settings.UseParameters(parameters));

    public SettingsTask UseTextForParameters(string parametersText) => With(settings => settings.UseTextForParameters(parametersText));

    public SettingsTask DisableRequireUniquePrefix() => With(settings => settings.DisableRequireUniquePrefix());

    public SettingsTask AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        With(settings => settings.AutoVerify(includeBuildServer, throwException));

    public SettingsTask AutoVerify(AutoVerify autoVerify, bool includeBuildServer = true, bool throwException = false) =>
        With(settings => settings.AutoVerify(autoVerify, includeBuildServer, throwException));

    SettingsTask With(Action<VerifySettings> change)
    {
        change(CurrentSettings);
        return this;
    }

    public SettingsTask AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        Scrub((text, _) => scrubber(text), location);

    public SettingsTask ScrubInlineGuids() => Scrub(InlineGuids.Replace);

    public SettingsTask ScrubEmptyLines() => AddScrubber(Lines.RemoveEmpty);

    public SettingsTask ScrubLines(Func<string, bool> removeLine) => AddScrubber(text => Lines.Remove(text, removeLine));

    public SettingsTask ScrubLinesWithReplace(Func<string, string?> replaceLine) => AddScrubber(text => Lines.Replace(text, replaceLine));

    public SettingsTask ScrubLinesContaining(params string[] stringToMatch) =>
        ScrubLinesContaining(StringComparison.OrdinalIgnoreCase, stringToMatch);

    public SettingsTask ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) =>
        ScrubLines(line => Array.Exists(stringToMatch, match => line.Contains(match, comparison)));

    SettingsTask Scrub(Action<StringBuilder, Counter> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.Scrubbers.Add(scrubber, location));

    public SettingsTask IgnoreMember(string name) => With(settings => settings.Serialization.Ignored.Add(name));

    public SettingsTask ScrubMember(string name) => With(settings => settings.Serialization.Scrubbed.Add(name));

    public SettingsTask DontScrubGuids() => With(settings => settings.Serialization.ScrubGuids = false);

    public SettingsTask DontIgnoreEmptyCollections() => With(settings => settings.Serialization.IgnoreEmptyCollections = false);
}

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
}
