using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>An argument of a case: its values, how they lie in memory, and whether their gradient is compared.</summary>
public sealed record FixtureInput(TensorValue Value, string Layout, bool WantsGrad)
{
    public static FixtureInput Read(JsonElement json) => new(
        TensorValue.Read(json),
        json.TryGetProperty("layout", out var layout) ? layout.GetString()! : "plain",
        json.TryGetProperty("grad", out _));

    public Tensor ToTensor()
    {
        var laidOut = LaidOut(Value.ToTensor());
        return WantsGrad ? laidOut.requires_grad_() : laidOut;
    }

    private Tensor LaidOut(Tensor values)
    {
        switch (Layout)
        {
            case "transposed":
                return values.transpose(-1, -2).contiguous().transpose(-1, -2);
            case "strided":
                var wide = stack([values, zeros_like(values)], -1).flatten(-2);
                return wide.slice(-1, 0, wide.shape[^1], 2);
            default:
                return values;
        }
    }
}
