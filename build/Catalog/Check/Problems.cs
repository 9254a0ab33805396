namespace MlPerfEdu.Catalog;

/// <summary>One mistake in an input file. Line and column count from 1; 0 means that the place is unknown.</summary>
public sealed record Diagnostic(string Code, string File, int Line, int Column, string Message)
{
    /// <summary>The form that build tools and editors recognise.</summary>
    public override string ToString() =>
        Line > 0 ? $"{File}({Line},{Column}): error {Code}: {Message}" : $"{File}: error {Code}: {Message}";
}

/// <summary>
/// The mistakes of one file, and the table of all messages: code, place, what was found, what was expected, what to do.
/// build/README.md explains every code.
/// </summary>
/// <param name="codes">The codes of a file that has its own.</param>
internal sealed class Problems(string file, EntryCodes? codes = null)
{
    // A longer list is of no use; a binary file must not give a million errors.
    const int MostKept = 100;

    static readonly Position Top = new(1, 1, 0);

    readonly HashSet<Diagnostic> seen = [];
    readonly List<Diagnostic> kept = [];
    int left;

    public bool Any => kept.Count > 0;

    public int Count => kept.Count + left;

    /// <summary>Ordered by place, each once.</summary>
    public IReadOnlyList<Diagnostic> ToList()
    {
        List<Diagnostic> ordered = [.. kept.OrderBy(d => d.Line).ThenBy(d => d.Column).ThenBy(d => d.Code, StringComparer.Ordinal)];
        if (left > 0)
            ordered.Add(new("MLP0013", file, ordered[^1].Line, 1,
                $"Found {left} more mistakes, not listed. Expected at most {MostKept}. Correct the ones above and build again."));
        return ordered;
    }

    /// <summary>Takes over the mistakes of another pass over the same file, except on lines that this pass had to blank out.</summary>
    public void Adopt(Problems other, IReadOnlySet<int> damagedLines)
    {
        foreach (var diagnostic in other.kept.Where(diagnostic => !damagedLines.Contains(diagnostic.Line)))
            Keep(diagnostic);
        left += other.left;
    }

    // The file itself and its YAML.
    public void Unreadable(string reason) => Add("MLP0001", default,
        $"no readable file: {OneLine(reason)}", "a YAML file here", "Correct the path or the permissions.");
    public void FileTooLarge(long bytes, long most) => Add("MLP0002", Top,
        $"{bytes} bytes", $"at most {most}", "Check that this is the right file; data do not belong in it.");
    public void NotUtf8(Position at, byte value) => Add("MLP0003", at,
        $"the byte 0x{value:x2}, which is not UTF-8 here", "UTF-8 text", "Save the file as UTF-8.");
    public void ForbiddenCharacter(Position at, char value) => Add("MLP0004", at,
        $"the character U+{(int)value:X4}", "visible characters, spaces and the line ends LF or CRLF",
        "Delete it or write it as an escape in double quotes.");
    public void Syntax(Position at, string reason, Position? opened) => Add("MLP0005", at,
        $"text that is not YAML: {OneLine(reason)}" +
        (opened is { } start ? $" (inside the bracket opened at line {start.Line}, column {start.Column})" : ""),
        "keys and values with even indentation and closed brackets and quotes", "Correct the text here or just above.");
    public void NestedTooDeeply(Position at, int most) => Add("MLP0006", at,
        $"more than {most} levels of nesting", "the few levels that the format has", "Remove the extra levels.");
    public void AnchorOrAlias(Position at, string found) => Add("MLP0007", at,
        Quoted.Of(found), "no anchors or aliases: each entry is read alone", "Write the value out.");
    public void Tag(Position at, string found) => Add("MLP0008", at,
        $"the tag {Quoted.Of(found)}", "no tags: types follow from the keys", "Delete the tag.");
    public void SecondDocument(Position at) => Add("MLP0009", at,
        "a second document", "one document per file", "Delete the separator or move the text to its own file.");
    public void EmptyFile() => Add("MLP0010", Top,
        "no content", "the keys of the format", "Restore the file from version control.");
    public void KeyIsNotText(Position at) => Add("MLP0011", at,
        "a key that is empty or not plain text", "a word before the colon", "Write a key, or quote the value that looks like one.");
    public void DuplicateKey(YamlScalar key, Position earlier) => Add("MLP0012", key.Start,
        $"the key {Quoted.Of(key.Text)} again; it is at line {earlier.Line}, column {earlier.Column} already",
        "each key once", "Delete one of the two.");

    // Keys and single values.
    public void UnknownKey(YamlScalar key, string owner, IReadOnlyList<string> known) => Add("MLP0020", key.Start,
        $"the key {Quoted.Of(key.Text)} in {owner}", OneOf(known), Suggest(key.Text, known, "Delete it."));
    public void MissingKey(Position at, string key, string owner) => Add("MLP0021", at,
        $"no key '{key}' in {owner}", "it, as it has no default", $"Add '{key}:' with its value.");
    public void MissingValue(Position at, string what) => Add("MLP0022", at,
        $"no value for {what}", "one", "Write it after the colon, or delete the key if it is optional.");
    public void WrongKind(Position at, string what, string found, string expected) => Add("MLP0023", at,
        $"{found} for {what}", expected, "Write it as one.");
    public void NotANumber(YamlScalar value, string what) => Add("MLP0024", value.Start,
        $"{Spelled(value)} for {what}", "a decimal number such as 2, 0.5 or 1.0e-3",
        "Write it without quotes, units, separators, leading zeros or other bases.");
    public void NotWhole(YamlScalar value, string what) => Add("MLP0025", value.Start,
        $"{Spelled(value)} for {what}", "a whole number in digits only", "Write it without a point or exponent.");
    public void OutOfRange(YamlScalar value, string what, NumberRange range) => Add("MLP0026", value.Start,
        $"{Spelled(value)} for {what}", range.Text, "Write a value in that range.");
    public void UnknownValue(YamlScalar value, string what, IReadOnlyList<string> known) => Add("MLP0027", value.Start,
        $"{Spelled(value)} for {what}", OneOf(known), Suggest(value.Text, known, "Write one of them."));
    public void NotAnId(YamlScalar value, string what) => Add("MLP0028", value.Start,
        $"{Spelled(value)} as {what}", $"lower-case letters and digits in words joined by '-', at most {Names.MaxLength} characters",
        "Rename it.");
    public void WrongFormat(YamlScalar value, string what, string expected) => Add("MLP0029", value.Start,
        $"{Spelled(value)} for {what}", expected, "Write it in that form; `accept` writes a regime so.");
    public void EmptyList(Position at, string what) => Add("MLP0030", at,
        $"nothing in {what}", "at least one item", "Add one.");
    public void WrongLength(Position at, string what, int found, int expected) => Add("MLP0031", at,
        $"{found} items in {what}", $"{expected}", "Make the lists equally long.");
    public void RepeatedItem(YamlScalar value, string what) => Add("MLP0032", value.Start,
        $"{Spelled(value)} twice in {what}", "each value once", "Delete one of the two.");

    // Values that belong together.
    public void UnsupportedSchema(YamlScalar value, int supported) => Add("MLP0040", value.Start,
        $"schema {Quoted.Of(value.Text)}", $"{supported}, which this build reads", "Use the matching version of the project.");
    public void ThresholdOrder(Position at, string low, double lowValue, string high, double highValue) => Add("MLP0041", at,
        $"{low} {lowValue} and {high} {highValue}", "the first below the second", "Swap or correct them.");
    public void DuplicateWorkload(YamlScalar id, string suite, Position earlier) => Add("MLP0042", id.Start,
        $"workload {Quoted.Of(id.Text)} again in suite '{suite}'; it is at line {earlier.Line}, column {earlier.Column} already",
        "each id once over all suites", "Rename one of them.");
    public void ClassNameCollision(YamlScalar id, string className, YamlScalar other) => Add("MLP0043", id.Start,
        $"workload {Quoted.Of(id.Text)}, whose test class '{className}' differs from that of '{other.Text}' (line {other.Start.Line}) " +
        "at most in case", "names that differ on every file system", "Rename one of them.");
    public void UnknownDataset(YamlScalar id, IReadOnlyList<string> known) => Add("MLP0044", id.Start,
        $"the data set {Quoted.Of(id.Text)}", $"one of datasets.yaml: {string.Join(", ", known)}",
        Suggest(id.Text, known, "Add it to datasets.yaml or choose one of these."));
    public void DatasetTwice(YamlScalar id, Position earlier) => Add("MLP0045", id.Start,
        $"the data set {Quoted.Of(id.Text)} again; it is at line {earlier.Line} already",
        "each once per workload, as the first available one is used", "Delete one of the two.");
    public void BoundMissing(Position at, string what) => Add("MLP0046", at,
        $"no bound in {what}", "at_least or at_most", "Add the one that the metric needs.");
    public void TwoBounds(YamlScalar second, string what) => Add("MLP0047", second.Start,
        $"at_least and at_most in {what}", "one of them", "Delete one; a second bound is an item of 'also'.");
    public void WithoutEffect(Position at, string key, string owner, string reason) => Add("MLP0048", at,
        $"'{key}' in {owner}, where {reason}", "only keys that have an effect", "Delete it.");
    public void NoWorkloads(Position at) => Add("MLP0049", at,
        "no workload in any suite", "at least one", "Add an entry (build/README.md shows one).");
    public void ReservedName(YamlScalar id, string what) => Add("MLP0050", id.Start,
        $"{Quoted.Of(id.Text)} as {what}, a device name on Windows", "a name that can be a file name everywhere", "Rename it.");
    public void UnknownCheckpoint(YamlScalar id, IReadOnlyList<string> trained) => Add("MLP0051", id.Start,
        $"the shared checkpoint {Quoted.Of(id.Text)}", $"the id of a workload that trains: {string.Join(", ", trained)}",
        Suggest(id.Text, trained, "Add that workload or name one of these."));
    public void OperationTwice(YamlScalar id, string owner, Position earlier) => Add("MLP0052", id.Start,
        $"the operation {Quoted.Of(id.Text)} again in {owner}; it is at line {earlier.Line} already",
        "each once per module, as it identifies a row", "Rename one of them.");

    public void BoundTwice(int line, string metric, int earlier) => Add("MLP0054", new(line, 1, 0),
        $"a second bound of the same side on {Quoted.Of(metric)}; the first is at line {earlier}", "one", "Delete the weaker one.");
    public void BoundsExclude(int line, string metric, int other) => Add("MLP0055", new(line, 1, 0),
        $"a bound on {Quoted.Of(metric)} that no value meets together with the one at line {other}", "bounds that some value meets",
        "Correct one of them.");
    public void ReservedSuite(YamlScalar suite, IReadOnlyList<string> reserved) => Add("MLP0056", suite.Start,
        $"the suite {Quoted.Of(suite.Text)}", $"a name other than {string.Join(", ", reserved)}, which have tests of their own", "Rename it.");
    public void TooManySteps(YamlScalar epochs, string owner, long steps) => Add("MLP0057", epochs.Start,
        $"{steps} steps in {owner}, epochs times batches_per_epoch", $"at most {int.MaxValue}", "Correct one of the two.");
    public void OtherModelsWeights(YamlScalar id, string model, string trained) => Add("MLP0058", id.Start,
        $"the weights of {Quoted.Of(id.Text)}, a {Quoted.Of(trained)}, for a {Quoted.Of(model)}",
        "those of the same model, or of one whose name begins with it (nanogpt, nanogpt-88m)", "Name a workload that trains this model.");

    // The catalog against the compiled implementations.
    public void NotImplemented(CatalogEntry entry, IReadOnlyList<string> implemented) => Add("MLP0060", new(entry.Line, 1, 0),
        $"workload '{entry.Id}' without an implementation", $"a class marked [Workload(\"{entry.Id}\")] in MlPerfEdu.Workloads",
        Suggest(entry.Id, implemented, "Write the class or delete the entry."));
    public void NoEntry(int suitesLine, Implementation found, IReadOnlyList<string> ids) => Add("MLP0061", new(suitesLine, 1, 0),
        $"the class '{found.TypeName}' marked [Workload({Quoted.Of(found.Id)})], an id that has no entry", "an entry with that id",
        Suggest(found.Id, ids, "Add the entry or delete the class."));
    public void ImplementedTwice(int line, Implementation first, Implementation second) => Add("MLP0062", new(line, 1, 0),
        $"two implementations of {Quoted.Of(first.Id)}: '{first.TypeName}' and '{second.TypeName}'", "one",
        "Delete or rename one of them.");
    public void UnreadableImplementations(string reason) => Add("MLP0063", default,
        $"no readable .NET assembly: {OneLine(reason)}", "the compiled MlPerfEdu.Workloads", "Build that project first.");

    /// <summary>A mistake that only one kind of file can have.</summary>
    public void Add(string code, Position at, string found, string expected, string todo) =>
        Keep(new(codes?.InPlaceOf(code) ?? code, file, at.Line, at.Column, $"Found {found}. Expected {expected}. {todo}"));

    void Keep(Diagnostic diagnostic)
    {
        if (!seen.Add(diagnostic))
            return;
        if (kept.Count < MostKept)
            kept.Add(diagnostic);
        else
            left++;
    }

    static string OneOf(IEnumerable<string> known) => $"one of {string.Join(", ", known)}";

    static string Spelled(YamlScalar value) => value.IsPlain ? Quoted.Of(value.Text) : $"the text {Quoted.Of(value.Text)}";

    static string Suggest(string found, IReadOnlyList<string> known, string otherwise) =>
        Names.Nearest(found, known) is { } nearest ? $"Did you mean '{nearest}'?" : otherwise;

    static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
