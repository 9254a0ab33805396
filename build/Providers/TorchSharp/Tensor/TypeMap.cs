using System.Numerics;

namespace TorchSharp;

/// <summary>Which .NET type an element type is read and written as.</summary>
internal static class TypeMap
{
    private static readonly (Type Managed, torch.ScalarType Native)[] s_pairs =
    [
        (typeof(byte), torch.ScalarType.Byte), (typeof(sbyte), torch.ScalarType.Int8), (typeof(short), torch.ScalarType.Int16),
        (typeof(int), torch.ScalarType.Int32), (typeof(long), torch.ScalarType.Int64), (typeof(Half), torch.ScalarType.Float16),
        (typeof(float), torch.ScalarType.Float32), (typeof(double), torch.ScalarType.Float64), (typeof(bool), torch.ScalarType.Bool),
        (typeof((float, float)), torch.ScalarType.ComplexFloat32), (typeof(Complex), torch.ScalarType.ComplexFloat64),
    ];

    internal static bool Matches<T>(torch.ScalarType type) => Find(typeof(T)) == type;

    internal static torch.ScalarType Of(Type managed) =>
        Find(managed) ?? throw new ArgumentException($"{managed.Name} is no element type of tensors.");

    private static torch.ScalarType? Find(Type managed)
    {
        foreach (var (candidate, native) in s_pairs)
            if (candidate == managed) return native;
        return null;
    }
}
