namespace VerifyTests;

public delegate bool AutoVerify(string verifiedFile);

/// <summary>What differs from the default for one snapshot.</summary>
public partial class VerifySettings
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
}
