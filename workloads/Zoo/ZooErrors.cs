namespace MlPerfEdu.Zoo;

/// <summary>One method per message, one code per method.</summary>
static class ZooErrors
{
    public static ZooException UnknownModel(string id, IEnumerable<string> known) => new("MLP2211",
        $"found the model '{id}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(id, known, "correct the id, or add the model to models.yaml.")}");

    public static ZooException UnknownDevice(string id, IEnumerable<string> known) => new("MLP2212",
        $"found the device '{id}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(id, known, "correct the id, or add the device to silicon.yaml.")}");

    public static ZooException OutOfRange(string what, double found, string expected) => new("MLP2213",
        $"found {what} {found:0.######} → expected {expected} → correct it.");

    public static ZooException NotStated(Model model, string what) => new("MLP2214",
        $"found no {what} of {model.Id} → expected them for this question → add them to models.yaml, or ask without a context.");

    public static ZooException NoContext(Model model) => new("MLP2215",
        $"found a context for {model.Id}, whose work is one {model.Unit.Name()} → expected a model that makes tokens → leave it out.");

    public static ZooException NotInReference(Model model) => new("MLP2216",
        $"found a question about serving {model.Id} in the reference mode → expected a model with keys and values, for which alone the " +
        "original has a rule → ask without the reference mode.");

    public static ZooException NoPeerLink(Device device) => new("MLP2217",
        $"found no link from one {device.Id} to another → expected a device with a peer_link → add it to silicon.yaml, or name another.");
}

/// <summary>A question that cannot be answered; made only by <see cref="ZooErrors"/>. README.md has a heading for each code.</summary>
public sealed class ZooException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
