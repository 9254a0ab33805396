namespace MlPerfEdu.Zoo;

/// <summary>A sparse model spread over devices: tokens travel to their experts and back, in every layer.</summary>
public static class ExpertTraffic
{
    /// <summary>Bytes that all tokens of a batch send, both ways.</summary>
    public static ByteCount Bytes(Model model, Dtype dtype, int tokens)
    {
        if (model is not { Architecture: Architecture.SparseMoe, Layers: { } layers, Hidden: { } hidden, ExpertsPerToken: { } chosen })
            throw ZooErrors.NotStated(model, "experts, layers and hidden");
        return new(2.0 * layers * chosen * hidden * tokens * dtype.Bytes());
    }

    /// <summary>Two exchanges per layer; each device sends its own tokens.</summary>
    public static Duration Time(Model model, Dtype dtype, int tokens, int devices, ByteRate link, Duration delay)
    {
        var exchanges = 2.0 * (model.Layers ?? 1);
        var each = Bytes(model, dtype, tokens) * (1 / (exchanges * devices));
        return Collectives.AllToAll(each, devices, link, delay) * exchanges;
    }
}
