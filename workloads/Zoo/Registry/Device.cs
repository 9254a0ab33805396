namespace MlPerfEdu.Zoo;

/// <summary>One entry of silicon.yaml.</summary>
public sealed record Device
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required DeviceClass Class { get; init; }
    public required int Year { get; init; }

    public required Peaks Peaks { get; init; }
    public required ByteCount Capacity { get; init; }
    public required ByteRate Bandwidth { get; init; }
    public Power? Power { get; init; }
    public Money? Price { get; init; }
    /// <summary>What starting one pass costs, whatever it computes.</summary>
    public required Duration Dispatch { get; init; }

    public Memory? Sram { get; init; }
    public Memory? Flash { get; init; }
    /// <summary>To the memory of the host, where what does not fit must stay.</summary>
    public Link? HostLink { get; init; }
    /// <summary>To another device of the same kind.</summary>
    public Link? PeerLink { get; init; }

    /// <summary>What is doubtful about the entry.</summary>
    public string? Flag { get; init; }
    public required IReadOnlyList<Source> Sources { get; init; }
    /// <summary>Where the entry begins in silicon.yaml.</summary>
    public required int Line { get; init; }

    /// <summary>The entry as MLSys·im has it: the same but for what `original` names.</summary>
    public Device Original => InOriginal ?? this;
    internal Device? InOriginal { get; init; }

    /// <summary>The intensity from which on the device computes at full speed.</summary>
    public Intensity Ridge(Dtype dtype) => Peaks.Of(dtype) / Bandwidth;

    // A record's own text holds every property, and Original leads back here.
    public override string ToString() => Id;
}

public enum DeviceClass
{
    Cloud,
    Workstation,
    Mobile,
    Edge,
    Tiny,
    Measured,    // a machine that was measured, not one of a data sheet
}

/// <summary>A memory next to the main one. Without a bandwidth, no prediction uses it.</summary>
public sealed record Memory(ByteCount Capacity, ByteRate? Bandwidth);

/// <summary>A connection as its vendor states it.</summary>
/// <param name="BothDirections">The stated bandwidth is that of sending and receiving together.</param>
public sealed record Link(string Name, ByteRate Bandwidth, bool BothDirections)
{
    public ByteRate OneWay => BothDirections ? Bandwidth * 0.5 : Bandwidth;
}

/// <summary>The peak rates of a device.</summary>
public sealed class Peaks
{
    // By dtype: an array, because sweeps look peaks up millions of times.
    readonly FlopRate?[] listed = new FlopRate?[Dtypes.Names.Count];
    readonly FlopRate?[] sparse = new FlopRate?[Dtypes.Names.Count];

    /// <param name="stated">The vendor's figure, for <paramref name="statedFor"/>.</param>
    public Peaks(FlopRate stated, Dtype statedFor, IEnumerable<KeyValuePair<Dtype, FlopRate>> listed,
        IEnumerable<KeyValuePair<Dtype, FlopRate>>? sparse = null)
    {
        (Stated, StatedFor) = (stated, statedFor);
        foreach (var (dtype, rate) in listed) this.listed[(int)dtype] = rate;
        foreach (var (dtype, rate) in sparse ?? []) this.sparse[(int)dtype] = rate;
    }

    public FlopRate Stated { get; }
    public Dtype StatedFor { get; }
    public IEnumerable<KeyValuePair<Dtype, FlopRate>> Listed => Pairs(listed);

    /// <summary>With half of the weights zero; no prediction uses them.</summary>
    public IEnumerable<KeyValuePair<Dtype, FlopRate>> Sparse => Pairs(sparse);

    /// <summary>The dtype's own peak where it is known, else the stated one.</summary>
    public FlopRate Of(Dtype dtype) => listed[(int)dtype] ?? Stated;

    /// <summary>No peak is stated for the dtype. The two 16-bit formats run at one speed everywhere.</summary>
    public bool IsAssumed(Dtype dtype) => listed[(int)dtype] is null && dtype != StatedFor && !(Is16(dtype) && Is16(StatedFor));
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

/// <summary>One entry of silicon.yaml, key by key.</summary>
static class DeviceReader
{
    static readonly string[] Values =
    [
        "year", "peak", "peaks", "sparse_peaks", "capacity", "bandwidth", "power", "price", "dispatch", "sram", "flash",
        "host_link", "peer_link",
    ];

    static readonly NumberRange Years = NumberRange.Between(1950, 2100);

    public static Device Read(YamlPair pair, Problems problems)
    {
        var fields = new RegistryFields(pair, Values, ["class", "peak_dtype"], problems);
        if (pair.Key.Text == SiliconZoo.ThisMachine)
            fields.Wrong(ZooCodes.Registry.WrongValue, "the id of the machine that predicts", "a name of its own", "Rename it.");
        var sources = fields.Sources();
        var before = problems.Count;
        var peaks = new Peaks(fields.Required("peak").Rate() ?? default, fields.Optional("peak_dtype")?.OfDtype() ?? Dtype.Fp16,
            Rates(fields.Optional("peaks")), Rates(fields.Optional("sparse_peaks")));
        var device = new Device
        {
            Id = pair.Key.Text,
            Name = fields.Required("name").Line(),
            Class = fields.Required("class").Choice<DeviceClass>(),
            Year = (int)fields.Required("year").Whole(Years),
            Peaks = peaks,
            Capacity = fields.Required("capacity").Bytes() ?? default,
            Bandwidth = fields.Required("bandwidth").Bandwidth() ?? default,
            Power = fields.Optional("power").Power(),
            Price = fields.Optional("price").Price(),
            Dispatch = fields.Required("dispatch").Time() ?? default,
            Sram = Memory(fields.Optional("sram")),
            Flash = Memory(fields.Optional("flash")),
            HostLink = Link(fields.Optional("host_link")),
            PeerLink = Link(fields.Optional("peer_link")),
            Flag = fields.Flag,
            Sources = sources,
            Line = pair.Key.Start.Line,
        };
        // A peak that could not be read would seem to contradict the others.
        if (problems.Count == before) CheckPeaks(fields, peaks);
        return fields.Original is { } original ? device with { InOriginal = device with { Peaks = WithoutThoseOf(original, peaks) } } : device;
    }

    /// <summary>A wider format is never faster, and zeros in the weights slow nothing down.</summary>
    static void CheckPeaks(RegistryFields fields, Peaks peaks)
    {
        foreach (var (dtype, _) in peaks.Listed.Where(peak => peak.Key.Bytes() >= peaks.StatedFor.Bytes() && peak.Value.Value > peaks.Stated.Value))
            fields.Wrong(ZooCodes.Contradiction, $"a peak of {dtype.Name()} above the peak of {peaks.StatedFor.Name()}, which is no wider,", "at most that one", "Correct one of them.");
        foreach (var (dtype, _) in peaks.Sparse.Where(peak => peak.Value.Value < peaks.Of(peak.Key).Value && !peaks.IsAssumed(peak.Key)))
            fields.Wrong(ZooCodes.Contradiction, $"a sparse peak of {dtype.Name()} below the dense one", "at least that one", "Correct one of them.");
    }

    static List<KeyValuePair<Dtype, FlopRate>> Rates(Field? field)
    {
        var rates = new List<KeyValuePair<Dtype, FlopRate>>();
        foreach (var (key, value) in field?.Pairs("a mapping from dtypes to rates") ?? [])
        {
            var dtype = (field! with { Node = key }).OfDtype();
            var rate = (field with { Node = value }).Rate();
            if (dtype is not null && rate is not null) rates.Add(new(dtype.Value, rate.Value));
        }
        return rates;
    }

    static Memory? Memory(Field? field) => field?.Fields(field.Name, ["capacity", "bandwidth"]) is { } fields
        ? new(fields.Required("capacity").Bytes() ?? default, fields.Optional("bandwidth").Bandwidth())
        : null;

    static Link? Link(Field? field) => field?.Fields(field.Name, ["name", "bandwidth", "both_directions"]) is { } fields
        ? new(fields.Required("name").Line(), fields.Required("bandwidth").Bandwidth() ?? default, fields.Optional("both_directions")?.Flag() ?? false)
        : null;

    // The original knows fewer peaks than we do; nothing else differs so far.
    static Peaks WithoutThoseOf(Field original, Peaks peaks)
    {
        var without = original.Fields(original.Name, ["peaks"]).Required("peaks");
        foreach (var (key, value) in without.Pairs("a mapping from the dtypes whose peak it does not have to none"))
        {
            (without with { Node = value }).OneOf(["none"]);
            if ((without with { Node = key }).OfDtype() is { } dtype) peaks = peaks.Without(dtype);
        }
        return peaks;
    }
}
