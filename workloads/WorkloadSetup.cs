using MlPerfEdu.Data;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads;

/// <summary>What a workload is built from: its entry, the data that was chosen for it, and where data lies.</summary>
public sealed record WorkloadSetup(WorkloadEntry Entry, DataChoice Choice, DataStore Store)
{
    public Recipe Recipe => Choice.Recipe;

    public ImageDataSet LoadImages() => Choice.Dataset switch
    {
        "mnist" => Mnist.Load(Files()),
        "cifar10-part" or "cifar10" => LivingThings.FromCifar10(Cifar10.Load(Files())),
        "wake-vision" => PersonImages.LoadWakeVision(Files()),
        "synthetic-strokes" => Generators.Strokes(Files()),
        "synthetic-scenes" => Generators.Scenes(Files()),
        var other => throw Unreadable(other, "pictures"),
    };

    public KeywordDataSet LoadKeywords() => Choice.Dataset switch
    {
        "speech-commands-v2-test" or "speech-commands-v2" => SpeechCommands.Load(Files()),
        "synthetic-keywords" => Generators.Keywords(Files()),
        var other => throw Unreadable(other, "clips"),
    };

    public RatingsDataSet LoadRatings() => Choice.Dataset switch
    {
        "movielens-100k" => MovieLens100K.Load(Files()),
        "synthetic-ratings" => Generators.Ratings(Files()),
        var other => throw Unreadable(other, "ratings"),
    };

    public TextDataSet LoadText() => Choice.Dataset switch
    {
        "tinyshakespeare" => TinyShakespeare.Load(Files()),
        "synthetic-sentences" => Generators.Sentences(Files()),
        var other => throw Unreadable(other, "text"),
    };

    public CitationGraph LoadCitations() => Choice.Dataset switch
    {
        "cora" => Cora.Load(Files()),
        "synthetic-citations" => Generators.Citations(Files()),
        var other => throw Unreadable(other, "papers"),
    };

    /// <summary>For what needs no samples: everything is computed on the spot, so the real thing is always at hand.</summary>
    public Provenance Simulation() =>
        Files().Provenance(DataTier.Real, $"{Choice.Dataset}: simulated as it is defined, from the run's seed.");

    DataResolution Files() => Store.Resolve(Choice.Dataset).OrThrow();

    InvalidOperationException Unreadable(string dataset, string wanted) =>
        new($"Workload '{Entry.Id}' (workloads.yaml line {Choice.Line}) reads {wanted}, and data set '{dataset}' has none. Name another data set, or write its reader.");
}
