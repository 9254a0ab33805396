using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooFitCommand : CliCommand
{
    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo");
    readonly Option<int> _batch = new("--batch") { Description = "Sequences at a time", HelpName = "N", DefaultValueFactory = _ => 1 };
    readonly Option<int> _context = new("--context") { Description = "Tokens that each sequence keeps in memory", HelpName = "TOKENS" };

    public ZooFitCommand()
        : base("fit", "Show which devices hold a model, and in which dtypes.",
            new("zoo fit llama3-70b", "Its weights alone."),
            new("zoo fit llama3-70b --batch 8 --context 8192", "With the keys and values of eight sequences."))
    {
        Add(_model);
        Add(_batch);
        Add(_context);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var model = ModelZoo.BuiltIn[parse.GetValue(_model)!];
        var (batch, context) = (parse.GetValue(_batch), parse.GetValue(_context));
        List<Fit> fits = [.. SiliconZoo.BuiltIn.Devices.Select(device => Fit.Of(model, device, batch, context))];
        session.Answer(new { Model = model.Id, Devices = fits.Select(RowOf) }, screen => Draw(screen, fits));
        return ExitCode.Ok;
    }

    static object RowOf(Fit fit) => new
    {
        fit.Device.Id,
        Widest = fit.Widest?.Name(),
        Holds = fit.Holds.Select(held => new { Dtype = held.Dtype.Name(), FootprintBytes = held.Footprint.Value, held.Share }),
    };

    static void Draw(Screen screen, List<Fit> fits)
    {
        var grid = new Grid("device", ">memory", "widest dtype", ">of it", "also");
        foreach (var fit in fits)
        {
            var widest = fit.Widest is { } dtype ? dtype.Name() : new Cell("does not fit", Tone.Faint);
            var share = fit.Holds is [var first, ..] ? Units.Percent(first.Share) : "";
            var others = string.Join(", ", fit.Holds.Skip(1).Select(held => held.Dtype.Name()));
            grid.Add(fit.Device.Id, Units.Si(fit.Device.Capacity.Value, "B"), widest, share, others);
        }

        screen.Table(grid);
    }
}
