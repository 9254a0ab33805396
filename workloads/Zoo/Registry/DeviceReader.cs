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

    public static Device Read(YamlText id, CatalogMap map)
    {
        var quantities = new QuantityReader(map);
        map.Required("peak", "the stated rate, such as '312 TFLOP/s'");
        map.Required("capacity", "the size of its memory, such as '80 GiB'");
        map.Required("bandwidth", "that of its memory, such as '2.039 TB/s'");
        map.Required("dispatch", "what starting a pass costs, such as '0.015 ms'");
        var statedFor = map.Node("peak_dtype") is { } dtype ? EntryReader.DtypeOf(map, dtype) : null;
        var original = map.Node("original");
        var device = new Device
        {
            Id = id.Value,
            Name = map.Text("name"),
            Class = EntryReader.Word<DeviceClass>(map, "class"),
            Year = (int)map.Number("year", 1950, 2100),
            Peaks = new(quantities.Rate("peak") ?? default, statedFor ?? Dtype.Fp16, Rates(map, "peaks"), Rates(map, "sparse_peaks")),
            Capacity = quantities.Bytes("capacity") ?? default,
            Bandwidth = quantities.Bandwidth("bandwidth") ?? default,
            Power = quantities.Power("power"),
            Price = quantities.Price("price"),
            Dispatch = quantities.Time("dispatch") ?? default,
            Sram = Beside(map, "sram"),
            Flash = Beside(map, "flash"),
            HostLink = Connection(map, "host_link"),
            PeerLink = Connection(map, "peer_link"),
            Flag = map.OptionalText("flag"),
            Sources = EntryReader.Sources(id, map, Values),
            Line = id.Line,
        };
        EntryReader.CheckFlag(id, map, original, device.Flag);
        if (original is not null)
            device = device with { InOriginal = Original(device, new(original, $"{map.Where}, original", map.Problems)) };
        map.RefuseTheRest();
        return device;
    }

    static List<KeyValuePair<Dtype, FlopRate>> Rates(CatalogMap map, string key)
    {
        var rates = new List<KeyValuePair<Dtype, FlopRate>>();
        if (map.Node(key) is not { } node) return rates;
        var inner = new CatalogMap(node, $"{map.Where}, {key}", map.Problems);
        var quantities = new QuantityReader(inner);
        foreach (var (name, value) in inner.Entries)
        {
            var dtype = EntryReader.DtypeOf(inner, name);
            var rate = quantities.RateOf(value, name.Value);
            if (dtype is not null && rate is not null) rates.Add(new(dtype.Value, rate.Value));
        }
        return rates;
    }

    static Memory? Beside(CatalogMap map, string key)
    {
        if (map.Node(key) is not { } node) return null;
        var inner = new CatalogMap(node, $"{map.Where}, {key}", map.Problems);
        var quantities = new QuantityReader(inner);
        inner.Required("capacity", "its size");
        var memory = new Memory(quantities.Bytes("capacity") ?? default, quantities.Bandwidth("bandwidth"));
        inner.RefuseTheRest();
        return memory;
    }

    static Link? Connection(CatalogMap map, string key)
    {
        if (map.Node(key) is not { } node) return null;
        var inner = new CatalogMap(node, $"{map.Where}, {key}", map.Problems);
        inner.Required("bandwidth", "its bandwidth");
        var link = new Link(inner.Text("name"), new QuantityReader(inner).Bandwidth("bandwidth") ?? default, inner.Flag("both_directions"));
        inner.RefuseTheRest();
        return link;
    }

    // The original knows fewer peaks than we do; nothing else differs so far.
    static Device Original(Device ours, CatalogMap map)
    {
        var peaks = ours.Peaks;
        if (map.Required("peaks", "the dtypes whose peak it does not have") is { } node)
        {
            var inner = new CatalogMap(node, $"{map.Where}, peaks", map.Problems);
            foreach (var (name, value) in inner.Entries)
            {
                if (value is not YamlText { Value: "none" }) inner.Wrong(value, name.Value, "none");
                if (EntryReader.DtypeOf(inner, name) is { } dtype) peaks = peaks.Without(dtype);
            }
        }
        map.RefuseTheRest();
        return ours with { Peaks = peaks };
    }
}
