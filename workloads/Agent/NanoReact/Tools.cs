using System.Globalization;
using System.Text.RegularExpressions;
using static System.FormattableString;

namespace MlPerfEdu.Workloads.Agent.NanoReact;

/// <summary>A call as the model writes it: a name, and arguments between brackets.</summary>
sealed partial record ToolCall(string Name, string[] Arguments)
{
    const string Finish = "answer";

    [GeneratedRegex(@"^think: [^\n]*\nact: ([a-z]+)\(([^()\n]*)$")]
    private static partial Regex Written { get; }

    /// <summary>The call at the end of what the model wrote, without the bracket that closes it; null where it wrote anything else.</summary>
    public static ToolCall? Read(string text) => Written.Match(text) is { Success: true } match
        ? new(match.Groups[1].Value, match.Groups[2].Value.Split(','))
        : null;

    /// <summary>It ends the dialogue.</summary>
    public bool IsAnswer => Name == Finish;

    public override string ToString() => $"{Name}({string.Join(',', Arguments)})";
}

/// <summary>What the agent can do.</summary>
sealed partial class Tools(FactStore facts)
{
    const string NoSuch = "nothing";

    [GeneratedRegex(@"^(\d{1,9})([-+*])(\d{1,9})$")]
    private static partial Regex Sum { get; }

    /// <summary>What the tool finds; any call has an answer.</summary>
    public string Run(ToolCall call) => call switch
    {
        { Name: "lookup", Arguments: [var person, var attribute] } => facts.Find(person, attribute) ?? NoSuch,
        { Name: "length", Arguments: [var word] } => Invariant($"{word.Length}"),
        { Name: "calc", Arguments: [var sum] } => Calculate(sum),
        { Name: "compare", Arguments: [var left, var right] } => Compare(left, right),
        _ => NoSuch,
    };

    static string Calculate(string sum)
    {
        if (Sum.Match(sum) is not { Success: true, Groups: var parts }) return NoSuch;
        var (a, b) = (Number(parts[1].Value), Number(parts[3].Value));
        return Invariant($"{parts[2].Value switch { "+" => a + b, "-" => a - b, _ => a * b }}");
    }

    static string Compare(string left, string right) =>
        long.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
            && long.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            ? a > b ? "more" : a < b ? "less" : "equal"
            : NoSuch;

    static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);
}
