namespace MlPerfEdu.Zoo;

/// <summary>How work, traffic and state of an architecture grow with batch, context and steps.</summary>
abstract class ScalingRule
{
    static readonly FixedRule Fixed = new();
    static readonly TransformerRule Transformer = new();
    static readonly SparseMoeRule SparseMoe = new();
    static readonly SsmRule Ssm = new();
    static readonly DiffusionRule Diffusion = new();

    public static ScalingRule Of(Architecture architecture) => architecture switch
    {
        Architecture.Transformer => Transformer,
        Architecture.SparseMoe => SparseMoe,
        Architecture.Ssm => Ssm,
        Architecture.Diffusion => Diffusion,
        _ => Fixed,
    };

    /// <summary>Times that a batch goes through the whole network.</summary>
    public virtual double Passes(Model model) => 1;

    /// <summary>Weights that one pass over so many units reads.</summary>
    public virtual ByteCount Streamed(Model model, Dtype dtype, double units) => model.Weights(dtype);

    /// <summary>Work that one more token costs because of those before it.</summary>
    public virtual Flop ContextWork(Model model, int context) => default;

    /// <summary>What a sequence keeps between tokens.</summary>
    public virtual ByteCount State(Model model, Dtype dtype, int context) => default;

    /// <summary>Times that the state crosses the bus per token.</summary>
    public virtual double StateTrips => 1;
}
