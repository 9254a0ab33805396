using System.Numerics.Tensors;

namespace MlPerfEdu.Serving.Merging;

/// <summary>Merges all weights of two models by name. Its memory is used again in each merge of models with the same shapes.</summary>
public sealed class ModelMerger
{
    readonly Dictionary<string, float[]> _merged = [];
    readonly List<string> _gone = [];

    /// <summary>Weights that both models have are interpolated, others are taken over. The result is valid until the next merge.</summary>
    public IReadOnlyDictionary<string, float[]> Merge(Dictionary<string, float[]> first, Dictionary<string, float[]> second, float t)
    {
        Slerp.CheckShare(t);
        foreach (var (name, weights) in first)
        {
            if (second.TryGetValue(name, out var others))
            {
                Guard.NotEmpty(weights.Length, "weights under a name");
                if (others.Length != weights.Length)
                    throw ServingErrors.Shape($"'{name}' of the second model", $"{others.Length} values", $"{weights.Length}");
                Guard.Finite(weights, "the weights of the first model");
                Guard.Finite(others, "the weights of the second model");
            }
        }
        Forget(first, second);
        foreach (var (name, weights) in first)
        {
            if (second.TryGetValue(name, out var others))
                Slerp.Into(weights, others, t, Room(name, weights.Length));
            else
                weights.CopyTo(Room(name, weights.Length));
        }
        foreach (var (name, weights) in second)
        {
            if (!first.ContainsKey(name))
                weights.CopyTo(Room(name, weights.Length));
        }
        return _merged;
    }

    /// <summary>Weights of half precision are merged in single precision and stay of half precision.</summary>
    public static Half[] Merge(ReadOnlySpan<Half> first, ReadOnlySpan<Half> second, float t)
    {
        var (a, b, merged) = (new float[first.Length], new float[second.Length], new Half[first.Length]);
        TensorPrimitives.ConvertToSingle(first, a);
        TensorPrimitives.ConvertToSingle(second, b);
        Slerp.Into(a, b, t, a);
        TensorPrimitives.ConvertToHalf(a, merged);
        return merged;
    }

    void Forget(Dictionary<string, float[]> first, Dictionary<string, float[]> second)
    {
        _gone.Clear();
        foreach (var (name, _) in _merged)
        {
            if (!first.ContainsKey(name) && !second.ContainsKey(name))
                _gone.Add(name);
        }
        foreach (var name in _gone)
            _merged.Remove(name);
    }

    float[] Room(string name, int length)
    {
        if (!_merged.TryGetValue(name, out var room) || room.Length != length)
            _merged[name] = room = new float[length];
        return room;
    }
}
