using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>A tensor as a fixture writes it: element type, shape, values in row order.</summary>
public sealed record TensorValue(ScalarType Type, long[] Shape, double[] Values)
{
    public static TensorValue Read(JsonElement json)
    {
        var type = TypeNamed(json.GetProperty("t").GetString()!);
        var values = json.GetProperty("v").EnumerateArray().Select(Number);
        // The text is the shortest that means one float32; only as a float32 is it that number.
        return new(
            type,
            [.. json.GetProperty("s").EnumerateArray().Select(d => d.GetInt64())],
            [.. type == ScalarType.Float64 ? values : values.Select(v => (double)(float)v)]);
    }

    public static TensorValue Of(Tensor tensor)
    {
        using var detached = tensor.is_sparse ? tensor.detach().to_dense() : tensor.detach();
        using var values = detached.to_type(ScalarType.Float64).contiguous();
        return new(tensor.dtype, tensor.shape, values.data<double>().ToArray());
    }

    public Tensor ToTensor()
    {
        using var values = tensor(Values, Shape, ScalarType.Float64);
        return values.to_type(Type);
    }

    private static double Number(JsonElement json) => json.ValueKind == JsonValueKind.Number
        ? json.GetDouble()
        : json.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity };

    private static ScalarType TypeNamed(string name) => name switch
    {
        "float32" => ScalarType.Float32,
        "float64" => ScalarType.Float64,
        "float16" => ScalarType.Float16,
        "bfloat16" => ScalarType.BFloat16,
        "uint8" => ScalarType.Byte,
        "int8" => ScalarType.Int8,
        "int16" => ScalarType.Int16,
        "int32" => ScalarType.Int32,
        "int64" => ScalarType.Int64,
        "bool" => ScalarType.Bool,
        _ => throw new ArgumentException($"The fixture has the element type '{name}'. Add it to {nameof(TensorValue)}."),
    };
}
