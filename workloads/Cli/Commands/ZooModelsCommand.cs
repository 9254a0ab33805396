using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooModelsCommand : CliCommand
{
    public ZooModelsCommand()
        : base("models", "Show the models of the zoo: parameters, work, layers.",
            new("zoo models", "All of models.yaml; * marks an entry with something doubtful."),
            new("zoo models --json", "The same with every value, flag and source, for a script."))
    {
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var models = ModelZoo.BuiltIn.Models;
        session.Answer(new { Models = models.Select(RowOf) }, screen => Draw(screen, models));
        return ExitCode.Ok;
    }

    static Row RowOf(Model model) => new(
        model.Id, model.Name, model.Family, model.Architecture, model.Parameters.Value, model.Active.Value, model.Work.Value, model.Unit,
        model.WorkIsAssumed, model.Layers, model.Hidden, model.Heads, model.KvHeads, model.Experts, model.ExpertsPerToken, model.State,
        model.Steps, model.Size?.Value, model.Flag, model.Sources);

    static void Draw(Screen screen, IEnumerable<Model> models)
    {
        var grid = new Grid("id", "name", "architecture", ">parameters", ">active", ">work", "per", ">layers", "");
        foreach (var model in models)
        {
            var active = model.Active == model.Parameters ? "" : Units.Si(model.Active.Value);
            grid.Add(model.Id, model.Name, model.Architecture.ToString(), Units.Si(model.Parameters.Value), active,
                Units.Si(model.Work.Value, "FLOP"), model.Unit.Name(), $"{model.Layers}", model.Flag is null ? "" : "*");
        }

        screen.Table(grid);
        foreach (var model in models.Where(model => model.Flag is not null))
            screen.Line($"* {model.Id}: {model.Flag}", Tone.Faint);
    }

    sealed record Row(
        string Id, string Name, Family Family, Architecture Architecture, double Parameters, double ActiveParameters, double WorkFlop,
        WorkUnit WorkUnit, bool WorkIsAssumed, int? Layers, int? Hidden, int? Heads, int? KvHeads, int? Experts, int? ExpertsPerToken,
        int? State, int? Steps, double? SizeBytes, string? Flag, IReadOnlyList<Source> Sources);
}
