namespace MlPerfEdu.Data;

/// <summary>What the readers say about bytes that are not what their format promises.</summary>
static class FormatErrors
{
    // A published file got here only because its SHA-256 is the pinned one: fetching it again brings the same bytes.
    const string Remedy = "If the file is your own, write it exactly as the format asks; if it is the published one, its bytes are as pinned, so please report this";

    public static DataException Malformed(string file, long offset, string found, string expected, Exception? inner = null) =>
        new("MLP1080", $"{file}, offset {offset}: found {found}, expected {expected}. {Remedy}.", inner);

    public static DataException MalformedLine(string file, int line, string found, string expected) =>
        new("MLP1080", $"{file}, line {line}: found {found}, expected {expected}. Look at that line. {Remedy}.");

    public static DataException Truncated(string file, long found, long expected, string unit) =>
        new("MLP1081", $"{file} ends early: found {found} {unit}, expected {expected}. {Remedy}.");

    public static DataException TooLong(string file, long expected, string unit) =>
        new("MLP1082", $"{file} goes on after its last sample: expected {expected} {unit}. {Remedy}.");

    public static DataException CountsDiffer(string images, int found, string labels, int expected) =>
        new("MLP1083", $"{images} holds {found} images but {labels} has {expected} labels: they do not belong together. {Remedy}.");

    public static DataException LabelOutOfRange(string file, int index, int found, int classes) =>
        new("MLP1084", $"{file}: label {index} is {found}, expected 0 to {classes - 1}. {Remedy}.");

    public static DataException WrongShape(string file, string found, string expected) =>
        new("MLP1085", $"{file}: found {found}, expected {expected}. Is it the file of another data set?");

    public static DataException ClipsDiffer(string archive, int clips, string found, string expected, string? wrong) =>
        new("MLP1086", $"the {clips} clips of {archive} have digest {found}, expected {expected}{(wrong is null ? "" : $"; the first that differs is {wrong}")}. Fetch the archive again.");
}
