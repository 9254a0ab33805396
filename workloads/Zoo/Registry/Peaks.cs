namespace MlPerfEdu.Zoo;

/// <summary>The peak rates of a device.</summary>
public sealed class Peaks
{
    readonly FlopRate?[] _listed = new FlopRate?[Dtypes.Names.Count];
    readonly FlopRate?[] _sparse = new FlopRate?[Dtypes.Names.Count];

    /// <param name="stated">The vendor's figure, for <paramref name="statedFor"/>.</param>
    public Peaks(
        FlopRate stated, Dtype statedFor, IEnumerable<KeyValuePair<Dtype, FlopRate>> listed,
        IEnumerable<KeyValuePair<Dtype, FlopRate>>? sparse = null)
    {
        (Stated, StatedFor) = (stated, statedFor);
        foreach (var (dtype, rate) in listed) _listed[(int)dtype] = rate;
        foreach (var (dtype, rate) in sparse ?? []) _sparse[(int)dtype] = rate;
    }

    public FlopRate Stated { get; }

    public Dtype StatedFor { get; }

    public IEnumerable<KeyValuePair<Dtype, FlopRate>> Listed => Pairs(_listed);

    /// <summary>With half of the weights zero; no prediction uses them.</summary>
    public IEnumerable<KeyValuePair<Dtype, FlopRate>> Sparse => Pairs(_sparse);

    /// <summary>That of the dtype where it is known, else the stated one.</summary>
    public FlopRate Of(Dtype dtype) => _listed[(int)dtype] ?? Stated;

    /// <summary>Nobody stated a peak for the dtype. The two 16-bit formats run at one speed everywhere.</summary>
    public bool IsAssumed(Dtype dtype) => _listed[(int)dtype] is null && dtype != StatedFor && !(Is16(dtype) && Is16(StatedFor));

    public Peaks Without(Dtype dtype) => new(Stated, StatedFor, Listed.Where(pair => pair.Key != dtype), Sparse);

    public Peaks Times(double factor) => new(Stated * factor, StatedFor, Scaled(Listed, factor), Scaled(Sparse, factor));

    static IEnumerable<KeyValuePair<Dtype, FlopRate>> Scaled(IEnumerable<KeyValuePair<Dtype, FlopRate>> rates, double factor) =>
        rates.Select(pair => KeyValuePair.Create(pair.Key, pair.Value * factor));

    static bool Is16(Dtype dtype) => dtype is Dtype.Fp16 or Dtype.Bf16;

    static IEnumerable<KeyValuePair<Dtype, FlopRate>> Pairs(FlopRate?[] rates) =>
        from dtype in Enum.GetValues<Dtype>()
        where rates[(int)dtype] is not null
        select KeyValuePair.Create(dtype, rates[(int)dtype]!.Value);
}
