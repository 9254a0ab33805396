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

    DataResolution Files() => Store.Resolve(Choice.Dataset).OrThrow();

    InvalidOperationException Unreadable(string dataset, string wanted) =>
        new($"Workload '{Entry.Id}' (workloads.yaml line {Choice.Line}) reads {wanted}, and data set '{dataset}' has none. Name another data set, or write its reader.");
}
