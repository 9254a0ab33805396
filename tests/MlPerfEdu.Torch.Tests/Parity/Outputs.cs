using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>What a case returns: tensors, or plain values seen as the tensors that hold them.</summary>
public sealed class Outputs(params Tensor[] tensors)
{
    public Tensor[] Tensors { get; } = tensors;

    public static implicit operator Outputs(Tensor tensor) => new(tensor);
    public static implicit operator Outputs(Tensor[] tensors) => new(tensors);
    public static implicit operator Outputs((Tensor, Tensor) pair) => new(pair.Item1, pair.Item2);
    public static implicit operator Outputs((Tensor, Tensor, Tensor) triple) => new(triple.Item1, triple.Item2, triple.Item3);
    public static implicit operator Outputs(Tuple<Tensor, Tensor> pair) => new(pair.Item1, pair.Item2);
    public static implicit operator Outputs(bool value) => new(tensor(value));
    public static implicit operator Outputs(long value) => new(tensor(value));
    public static implicit operator Outputs(double value) => new(tensor(value));
    public static implicit operator Outputs(double[] values) => new(tensor(values));
    public static implicit operator Outputs(long[] values) => new(tensor(values));
}
