using MlPerfEdu.Catalog;

namespace MlPerfEdu.Zoo;

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
            Sources = fields.Sources(),
            Line = pair.Key.Start.Line,
        };
        return fields.Original is { } original ? device with { InOriginal = device with { Peaks = WithoutThoseOf(original, peaks) } } : device;
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
