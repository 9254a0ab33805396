using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>One entry of silicon.yaml, key by key.</summary>
static class DeviceReader
{
    static readonly string[] Values =
    [
        "year", "peak", "peaks", "sparse_peaks", "capacity", "bandwidth", "power", "price", "dispatch", "sram", "flash",
        "host_link", "peer_link",
    ];

    public static Device Read(YamlText id, YamlNode node, CatalogProblems problems)
    {
        var map = new EntryMap(node, id.Kind, problems);
        map.Required("peak", "the stated rate, such as '312 TFLOP/s'");
        map.Required("capacity", "the size of its memory, such as '80 GiB'");
        map.Required("bandwidth", "that of its memory, such as '2.039 TB/s'");
        map.Required("dispatch", "what starting a pass costs, such as '0.015 ms'");
        var statedFor = map.Node("peak_dtype") is { } dtype ? map.DtypeOf(dtype) : null;
        var original = map.Node("original");
        var device = new Device
        {
            Id = id.Value,
            Name = map.Text("name"),
            Class = map.Word<DeviceClass>("class"),
            Year = (int)map.Number("year", 1950, 2100),
            Peaks = new(map.Rate("peak") ?? default, statedFor ?? Dtype.Fp16, Rates(map, "peaks"), Rates(map, "sparse_peaks")),
            Capacity = map.Bytes("capacity") ?? default,
            Bandwidth = map.Bandwidth("bandwidth") ?? default,
            Power = map.Power("power"),
            Price = map.Price("price"),
            Dispatch = map.Time("dispatch") ?? default,
            Sram = Memory(map, "sram"),
            Flash = Memory(map, "flash"),
            HostLink = Link(map, "host_link"),
            PeerLink = Link(map, "peer_link"),
            Flag = map.OptionalText("flag"),
            Sources = map.Sources(id, Values),
            Line = id.Line,
        };
        map.CheckFlag(id, original, device.Flag);
        if (original is not null) device = device with { InOriginal = Original(device, map.Inner(original, "original")) };
        map.RefuseTheRest();
        return device;
    }

    static List<KeyValuePair<Dtype, FlopRate>> Rates(EntryMap map, string key)
    {
        var rates = new List<KeyValuePair<Dtype, FlopRate>>();
        if (map.Node(key) is not { } node) return rates;
        var inner = map.Inner(node, key);
        foreach (var (name, value) in inner.Entries)
        {
            var dtype = inner.DtypeOf(name);
            var rate = inner.RateOf(value, name.Value);
            if (dtype is not null && rate is not null) rates.Add(new(dtype.Value, rate.Value));
        }
        return rates;
    }

    static Memory? Memory(EntryMap map, string key)
    {
        if (map.Node(key) is not { } node) return null;
        var inner = map.Inner(node, key);
        inner.Required("capacity", "its size");
        var memory = new Memory(inner.Bytes("capacity") ?? default, inner.Bandwidth("bandwidth"));
        inner.RefuseTheRest();
        return memory;
    }

    static Link? Link(EntryMap map, string key)
    {
        if (map.Node(key) is not { } node) return null;
        var inner = map.Inner(node, key);
        inner.Required("bandwidth", "its bandwidth");
        var link = new Link(inner.Text("name"), inner.Bandwidth("bandwidth") ?? default, inner.Flag("both_directions"));
        inner.RefuseTheRest();
        return link;
    }

    // The original knows fewer peaks than we do; nothing else differs so far.
    static Device Original(Device ours, EntryMap map)
    {
        var peaks = ours.Peaks;
        if (map.Required("peaks", "the dtypes whose peak it does not have") is { } node)
        {
            var inner = map.Inner(node, "peaks");
            foreach (var (name, value) in inner.Entries)
            {
                if (value is not YamlText { Value: "none" }) inner.Wrong(value, name.Value, "none");
                if (inner.DtypeOf(name) is { } dtype) peaks = peaks.Without(dtype);
            }
        }
        map.RefuseTheRest();
        return ours with { Peaks = peaks };
    }
}
