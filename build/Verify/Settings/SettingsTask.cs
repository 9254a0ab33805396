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

    public ConfiguredTaskAwaitable<VerifyResult> ConfigureAwait(bool continueOnCapturedContext) =>
        ToTask().ConfigureAwait(continueOnCapturedContext);

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

    public SettingsTask DisableDiff() => With(settings => settings.DisableDiff());

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
        With(settings => settings.AddScrubber(scrubber, location));

    public SettingsTask ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubInlineGuids(location));

    public SettingsTask ScrubEmptyLines(ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubEmptyLines(location));

    public SettingsTask ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubLines(removeLine, location));

    public SettingsTask ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubLinesWithReplace(replaceLine, location));

    public SettingsTask ScrubLinesContaining(params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(stringToMatch));

    public SettingsTask ScrubLinesContaining(ScrubberLocation location = ScrubberLocation.First, params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(location, stringToMatch));

    public SettingsTask ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(comparison, stringToMatch));

    public SettingsTask ScrubLinesContaining(
        StringComparison comparison, ScrubberLocation location = ScrubberLocation.First, params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(comparison, location, stringToMatch));

    public SettingsTask IgnoreMember(string name) => With(settings => settings.IgnoreMember(name));

    public SettingsTask IgnoreMembers(params string[] names) => With(settings => settings.IgnoreMembers(names));

    public SettingsTask ScrubMember(string name) => With(settings => settings.ScrubMember(name));

    public SettingsTask ScrubMembers(params string[] names) => With(settings => settings.ScrubMembers(names));

    public SettingsTask DontScrubGuids() => With(settings => settings.DontScrubGuids());

    public SettingsTask DontScrubDateTimes() => With(settings => settings.DontScrubDateTimes());

    public SettingsTask DontIgnoreEmptyCollections() => With(settings => settings.DontIgnoreEmptyCollections());
}
