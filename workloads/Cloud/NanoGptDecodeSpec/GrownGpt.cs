using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;

/// <summary>
/// Fills a model twice as wide and twice as deep so that it computes what a trained one does (Net2Net, Chen et al., 2016): every number
/// stands twice, whatever reads two copies weighs each by half, and the layers in between add nothing yet. Its training begins there.
/// </summary>
static class GrownGpt
{
    /// <param name="noise">Deviation of what is added to every matrix, so that copies learn different things.</param>
    public static void Fill(NanoGptModel large, NanoGptModel small, double noise)
    {
        var (from, to) = (small.Geometry, large.Geometry);
        if ((to.Layers, to.Width, to.Heads, to.Vocabulary) != (2 * from.Layers, 2 * from.Width, 2 * from.Heads, from.Vocabulary))
            throw new ArgumentException($"{to} does not grow from {from}; expected twice its layers, width and heads.", nameof(large));
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var known = small.named_parameters().ToDictionary(parameter => parameter.name, parameter => (Tensor)parameter.parameter);
        foreach (var (name, parameter) in large.named_parameters())
        {
            using var each = NewDisposeScope();
            if (Source(name) is { } source)
                parameter.narrow(0, 0, Rows(known[source], name)).copy_(Grown(name, known[source]));
            else if (AddsToTheStream(name))
                parameter.zero_();
            if (parameter.dim() == 2)
                parameter.add_(randn(parameter.shape) * (float)noise);
        }
    }

    // Layer 2·i is grown from layer i; the odd ones are new.
    static string? Source(string name)
    {
        if (name.Split('.') is not ["layers", var number, .. var rest])
            return name;
        var layer = int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        return layer % 2 == 0 ? $"layers.{layer / 2}.{string.Join('.', rest)}" : null;
    }

    static bool AddsToTheStream(string name) => name.Contains(".output.") || name.Contains(".down.");

    // The larger model may know more positions.
    static long Rows(Tensor source, string name) => IsTable(name) ? source.shape[0] : 2 * source.shape[0];

    static bool IsTable(string name) => name is "tokens.weight" or "positions.weight";

    static Tensor Grown(string name, Tensor source) => name switch
    {
        _ when IsTable(name) => Twice(source, 1),
        // The head multiplies two copies of every number.
        "norm.weight" or "norm.bias" => Twice(source, 0) / 2,
        _ when name.EndsWith("queryKeyValue.weight", StringComparison.Ordinal) => Twice(Twice(Parts(source), 1), 2).flatten(0, 1) / 2,
        _ when name.EndsWith("queryKeyValue.bias", StringComparison.Ordinal) => Twice(Parts(source), 1).flatten(0, 1),
        _ when source.dim() == 2 => Twice(Twice(source, 0), 1) / 2,
        _ => Twice(source, 0),
    };

    // Queries, keys and values apart, so that each has the heads of the smaller model twice.
    static Tensor Parts(Tensor source) => source.view([3, source.shape[0] / 3, .. source.shape[1..]]);

    static Tensor Twice(Tensor source, long dimension) => cat([source, source], dimension);
}
