namespace MlPerfEdu.Zoo;

/// <summary>Dense attention: two FLOP per parameter and token, and a cache of keys and values that grows with each.</summary>
class TransformerRule : ScalingRule
{
    public override Flop ContextWork(Model model, int context) => CausalAttention.Work(model, context, context > 0 ? 1 : 0);

    public override ByteCount State(Model model, Dtype dtype, int context) => KvCache.PerSequence(model, dtype, context);
}
