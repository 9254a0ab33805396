namespace MlPerfEdu.Generator;

// The file itself and its YAML.
internal sealed partial class Problems
{
    static readonly Position Top = new(1, 1, 0);

    public void Unreadable(string reason) => Add("MLP0001", default,
        $"Found no readable file: {reason} Expected a YAML file here. Correct the path or the permissions.");

    public void FileTooLarge(long bytes, long most) => Add("MLP0002", Top,
        $"Found {bytes} bytes. Expected at most {most}. Check that this is the right file; data do not belong into it.");

    public void NotUtf8(Position at, byte value) => Add("MLP0003", at,
        $"Found the byte 0x{value:x2}, which is not UTF-8 here. Expected UTF-8 text. Save the file as UTF-8.");

    public void ForbiddenCharacter(Position at, char value) => Add("MLP0004", at,
        $"Found the character U+{(int)value:X4}. Expected visible characters, spaces and the line ends LF or CRLF. " +
        "Delete it or write it as an escape in double quotes.");

    public void Syntax(Position at, string reason, Position? opened) => Add("MLP0005", at,
        $"Found text that is not YAML: {OneLine(reason)}" +
        (opened is { } start ? $" (inside the bracket opened at line {start.Line}, column {start.Column})." : ".") +
        " Expected keys and values with even indentation and closed brackets and quotes. Correct the text here or just above.");

    public void NestedTooDeeply(Position at, int most) => Add("MLP0006", at,
        $"Found more than {most} levels of nesting. Expected the few levels that the format has. Remove the extra levels.");

    public void AnchorOrAlias(Position at, string found) => Add("MLP0007", at,
        $"Found {Quoted.Of(found)}. Expected no anchors or aliases: each entry is read alone. Write the value out.");

    public void Tag(Position at, string found) => Add("MLP0008", at,
        $"Found the tag {Quoted.Of(found)}. Expected no tags: types follow from the keys. Delete the tag.");

    public void SecondDocument(Position at) => Add("MLP0009", at,
        "Found a second document. Expected one document per file. Delete the separator or move the text to its own file.");

    public void EmptyFile() => Add("MLP0010", Top,
        "Found no content. Expected the keys of the format. Restore the file from version control.");

    public void KeyIsNotText(Position at) => Add("MLP0011", at,
        "Found a key that is empty or not plain text. Expected a word before the colon. " +
        "Write a key, or quote the value that looks like one.");

    public void DuplicateKey(YamlScalar key, Position earlier) => Add("MLP0012", key.Start,
        $"Found the key {Quoted.Of(key.Text)} again; it is at line {earlier.Line}, column {earlier.Column} already. " +
        "Expected each key once. Delete one of the two.");

    static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
