using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooSiliconCommand : CliCommand
{
    readonly Option<bool> _here = new("--here") { Description = "This machine, too, by its measured peaks" };

    public ZooSiliconCommand()
        : base("silicon", "Show the devices of the zoo: peaks, memory, power, price, ridge.",
            new("zoo silicon", "All of silicon.yaml; * marks an entry with something doubtful."),
            new("zoo silicon --here", "With this machine, measured now or from what is kept."),
            new("zoo silicon --json", "The same with every peak, link, flag and source, for a script."))
    {
        Add(_here);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        List<Device> devices = [.. SiliconZoo.BuiltIn.Devices];
        if (parse.GetValue(_here))
            devices.Add(ZooDevices.Here(session));
        session.Answer(new { Devices = devices.Select(RowOf) }, screen => Draw(screen, devices));
        return ExitCode.Ok;
    }

    static Row RowOf(Device device) => new(
        device.Id, device.Name, device.Class, device.Year, device.Peaks.Stated.Value, device.Peaks.StatedFor, ByName(device.Peaks.Listed),
        ByName(device.Peaks.Sparse), device.Capacity.Value, device.Bandwidth.Value, device.Ridge(device.Peaks.StatedFor).Value,
        device.Power?.Value, device.Price?.Value, device.Dispatch.Value, LinkOf(device.HostLink), LinkOf(device.PeerLink), device.Flag,
        device.Sources);

    static Dictionary<string, double> ByName(IEnumerable<KeyValuePair<Dtype, FlopRate>> rates) =>
        rates.ToDictionary(pair => pair.Key.Name(), pair => pair.Value.Value);

    static LinkRow? LinkOf(Link? link) => link is null ? null : new(link.Name, link.OneWay.Value);

    static void Draw(Screen screen, IEnumerable<Device> devices)
    {
        var grid = new Grid("id", "class", ">year", ">peak", "for", ">bandwidth", ">memory", ">power", ">price", ">ridge", "");
        foreach (var device in devices)
        {
            var peaks = device.Peaks;
            var power = device.Power is { } watts ? Units.Si(watts.Value, "W") : "";
            var price = device.Price is { } dollars ? $"{dollars.Value:N0} USD" : "";
            grid.Add(device.Id, device.Class.ToString().ToLowerInvariant(), $"{device.Year}", Units.Si(peaks.Stated.Value, "FLOP/s"),
                peaks.StatedFor.Name(), Units.Si(device.Bandwidth.Value, "B/s"), Units.Si(device.Capacity.Value, "B"), power, price,
                $"{device.Ridge(peaks.StatedFor).Value:0.#}", device.Flag is null ? "" : "*");
        }

        screen.Table(grid);
        foreach (var device in devices.Where(device => device.Flag is not null))
            screen.Line($"* {device.Id}: {device.Flag}", Tone.Faint);
    }

    sealed record Row(
        string Id, string Name, DeviceClass Class, int Year, double PeakFlopPerSecond, Dtype PeakDtype, Dictionary<string, double> Peaks,
        Dictionary<string, double> SparsePeaks, double CapacityBytes, double BandwidthBytesPerSecond, double RidgeFlopPerByte,
        double? PowerWatts, double? PriceUsd, double DispatchSeconds, LinkRow? HostLink, LinkRow? PeerLink, string? Flag,
        IReadOnlyList<Source> Sources);

    sealed record LinkRow(string Name, double OneWayBytesPerSecond);
}
