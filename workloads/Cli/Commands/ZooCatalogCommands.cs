namespace MlPerfEdu.Cli.Commands;

sealed class ZooModelsCommand() : CliCommand(
    "models", "Show the models of the zoo: parameters, work, layers.",
    new("zoo models", "All of models.yaml; * marks an entry with doubtful values."),
    new("zoo models --json", "The same with every value, flag and source, for a script."))
{
    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var models = ModelZoo.BuiltIn.Models;
        invocation.Answer(new { Models = models.Select(RowOf) }, screen => Draw(screen, models));
        return ExitCode.Ok;
    }

    static object RowOf(Model model) => new
    {
        model.Id, model.Name, model.Family, model.Architecture, Parameters = model.Parameters.Value,
        ActiveParameters = model.Active.Value, WorkFlop = model.Work.Value, WorkUnit = model.Unit, model.WorkIsAssumed,
        model.Layers, model.Hidden, model.Heads, model.KvHeads, model.Experts, model.ExpertsPerToken, model.State, model.Steps,
        SizeBytes = model.Size?.Value, model.Flag, model.Sources,
    };

    static void Draw(Screen screen, IEnumerable<Model> models)
    {
        screen.Table(
            ["id", "name", "architecture", ">parameters", ">active", ">work", "per", ">layers", ""], models,
            model =>
            [
                model.Id, model.Name, model.Architecture.ToString(), Units.Si(model.Parameters.Value),
                model.Active == model.Parameters ? "" : Units.Si(model.Active.Value),
                Units.Si(model.Work.Value, "FLOP"), model.Unit.Name(), $"{model.Layers}", model.Flag is null ? "" : "*",
            ]);
        foreach (var model in models.Where(model => model.Flag is not null))
            screen.Line($"* {model.Id}: {model.Flag}", Tone.Faint);
    }
}

sealed class ZooSiliconCommand() : ZooCommand(
    "silicon", "Show the devices of the zoo: peaks, memory, power, price, ridge.",
    new("zoo silicon", "All of silicon.yaml; * marks an entry with doubtful values."),
    new("zoo silicon --here", "With this machine, from its kept peaks or measured now."),
    new("zoo silicon --json", "The same with every peak, link, flag and source, for a script."))
{
    readonly Option<bool> here = new("--here") { Description = "Include this machine, by its measured peaks" };

    protected override IReadOnlyList<Symbol> Inputs => [here];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        List<Device> devices = [.. SiliconZoo.BuiltIn.Devices];
        if (parse.GetValue(here))
            devices.Add(Here(invocation));
        invocation.Answer(new { Devices = devices.Select(RowOf) }, screen => Draw(screen, devices));
        return ExitCode.Ok;
    }

    static object RowOf(Device device) => new
    {
        device.Id, device.Name, device.Class, device.Year, PeakFlopPerSecond = device.Peaks.Stated.Value,
        PeakDtype = device.Peaks.StatedFor, Peaks = ByName(device.Peaks.Listed), SparsePeaks = ByName(device.Peaks.Sparse),
        CapacityBytes = device.Capacity.Value, BandwidthBytesPerSecond = device.Bandwidth.Value,
        RidgeFlopPerByte = device.Ridge(device.Peaks.StatedFor).Value, PowerWatts = device.Power?.Value, PriceUsd = device.Price?.Value,
        DispatchSeconds = device.Dispatch.Value, HostLink = LinkOf(device.HostLink), PeerLink = LinkOf(device.PeerLink),
        device.Flag, device.Sources,
    };

    static Dictionary<string, double> ByName(IEnumerable<KeyValuePair<Dtype, FlopRate>> rates) =>
        rates.ToDictionary(pair => pair.Key.Name(), pair => pair.Value.Value);

    static object? LinkOf(Link? link) => link is null ? null : new { link.Name, OneWayBytesPerSecond = link.OneWay.Value };

    static void Draw(Screen screen, IEnumerable<Device> devices)
    {
        screen.Table(
            ["id", "class", ">year", ">peak", "for", ">bandwidth", ">memory", ">power", ">price", ">ridge", ""], devices,
            device =>
            [
                device.Id, Word(device.Class), $"{device.Year}", Units.Si(device.Peaks.Stated.Value, "FLOP/s"), device.Peaks.StatedFor.Name(),
                Units.Si(device.Bandwidth.Value, "B/s"), Units.Si(device.Capacity.Value, "B"),
                device.Power is { } watts ? Units.Si(watts.Value, "W") : "", device.Price is { } dollars ? $"{dollars.Value:N0} USD" : "",
                $"{device.Ridge(device.Peaks.StatedFor).Value:0.#}", device.Flag is null ? "" : "*",
            ]);
        foreach (var device in devices.Where(device => device.Flag is not null))
            screen.Line($"* {device.Id}: {device.Flag}", Tone.Faint);
    }
}

sealed class ZooFitCommand() : ZooCommand(
    "fit", "Show which devices hold a model, and in which dtypes.",
    new("zoo fit llama3-70b", "Its weights alone."),
    new("zoo fit llama3-70b --batch 8 --context 8192", "With the keys and values of eight sequences."))
{
    protected override IReadOnlyList<Symbol> Inputs => [ModelId, Batch, Context];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var model = ModelOf(parse);
        var (batch, context) = (parse.GetValue(Batch), parse.GetValue(Context));
        List<Fit> fits = [.. SiliconZoo.BuiltIn.Devices.Select(device => Fit.Of(model, device, batch, context))];
        invocation.Answer(new { Model = model.Id, Devices = fits.Select(RowOf) }, screen => screen.Table(
            ["device", ">memory", "widest dtype", ">of it", "also"], fits,
            fit =>
            [
                fit.Device.Id, Units.Si(fit.Device.Capacity.Value, "B"),
                fit.Widest is { } dtype ? dtype.Name() : new Cell("does not fit", Tone.Faint),
                fit.Holds is [var first, ..] ? Units.Percent(first.Share) : "",
                string.Join(", ", fit.Holds.Skip(1).Select(held => held.Dtype.Name())),
            ]));
        return ExitCode.Ok;
    }

    static object RowOf(Fit fit) => new
    {
        fit.Device.Id, Widest = fit.Widest?.Name(),
        Holds = fit.Holds.Select(held => new { Dtype = held.Dtype.Name(), FootprintBytes = held.Footprint.Value, held.Share }),
    };
}
