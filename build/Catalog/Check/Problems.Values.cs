namespace MlPerfEdu.Generator;

// Keys and single values.
internal sealed partial class Problems
{
    public void UnknownKey(YamlScalar key, string owner, IReadOnlyList<string> known) => Add("MLP0020", key.Start,
        $"Found the key {Quoted.Of(key.Text)} in {owner}. Expected one of {Quoted.Each(known)}. {Suggest(key.Text, known, "Delete it")}");

    public void MissingKey(Position at, string key, string owner) => Add("MLP0021", at,
        $"Found no key '{key}' in {owner}. Expected it, as it has no default. Add '{key}:' with its value.");

    public void MissingValue(Position at, string what) => Add("MLP0022", at,
        $"Found no value for {what}. Expected one. Write it after the colon, or delete the key if it is optional.");

    public void WrongKind(Position at, string what, string found, string expected) => Add("MLP0023", at,
        $"Found {found} for {what}. Expected {expected}. Write it as one.");

    public void NotANumber(YamlScalar value, string what) => Add("MLP0024", value.Start,
        $"Found {Spelled(value)} for {what}. Expected a decimal number such as 2, 0.5 or 1.0e-3. " +
        "Write it without quotes, units, separators, leading zeros or other bases.");

    public void NotWhole(YamlScalar value, string what) => Add("MLP0025", value.Start,
        $"Found {Spelled(value)} for {what}. Expected a whole number in digits only. Write it without a point or exponent.");

    public void OutOfRange(YamlScalar value, string what, string range) => Add("MLP0026", value.Start,
        $"Found {Spelled(value)} for {what}. Expected {range}. Write a value in that range.");

    public void UnknownValue(YamlScalar value, string what, IReadOnlyList<string> known) => Add("MLP0027", value.Start,
        $"Found {Spelled(value)} for {what}. Expected one of {Quoted.Each(known)}. {Suggest(value.Text, known, "Write one of them")}");

    public void NotAnId(YamlScalar value, string what) => Add("MLP0028", value.Start,
        $"Found {Spelled(value)} as {what}. Expected lower-case letters and digits in words joined by '-', " +
        $"at most {Names.MaxLength} characters. Rename it.");

    public void WrongFormat(YamlScalar value, string what, string expected) => Add("MLP0029", value.Start,
        $"Found {Spelled(value)} for {what}. Expected {expected}. Write it in that form; `accept` writes it so.");

    public void EmptyList(Position at, string what) => Add("MLP0030", at,
        $"Found nothing in {what}. Expected at least one item. Add one.");

    public void WrongLength(Position at, string what, int found, int expected) => Add("MLP0031", at,
        $"Found {found} items in {what}. Expected {expected}. Make the lists equally long.");

    public void RepeatedItem(YamlScalar value, string what) => Add("MLP0032", value.Start,
        $"Found {Spelled(value)} twice in {what}. Expected each value once. Delete one of the two.");

    static string Spelled(YamlScalar value) =>
        value.Style == YamlScalarStyle.Plain ? Quoted.Of(value.Text) : $"the text {Quoted.Of(value.Text)}";

    static string Suggest(string found, IReadOnlyList<string> known, string otherwise) =>
        Names.Nearest(found, known) is { } nearest ? $"Did you mean '{nearest}'?" : $"{otherwise}.";
}
