using System.Text;
using System.Text.Json;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Output;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>What all ranks measured, one after another.</summary>
sealed record RankAnswer(int Size, IReadOnlyList<MeasuredPoint> Points)
{
    /// <summary>Tells every rank what each of them measured.</summary>
    public static RankAnswer Gather(IProcessGroup group, IReadOnlyList<MeasuredPoint> own)
    {
        var points = new List<MeasuredPoint>();
        for (var rank = 0; rank < group.Size; rank++)
            points.AddRange(JsonOutput.Read<IReadOnlyList<MeasuredPoint>>(Tell(group, rank, JsonOutput.Text(own))));
        return new(group.Size, points);
    }

    /// <exception cref="Running.RunException">It is no such answer.</exception>
    public static RankAnswer Parse(string text)
    {
        try
        {
            return JsonOutput.Read<RankAnswer>(text);
        }
        catch (JsonException)
        {
            throw DistributedErrors.Unreadable(text);
        }
    }

    // The text of one rank.
    static string Tell(IProcessGroup group, int teller, string own)
    {
        using var scope = NewDisposeScope();
        var bytes = Encoding.UTF8.GetBytes(own);
        var length = tensor(new long[] { bytes.Length });
        group.Broadcast(length, teller);
        var text = group.Rank == teller ? tensor(bytes) : zeros(length.item<long>(), dtype: ScalarType.Byte);
        group.Broadcast(text, teller);
        return Encoding.UTF8.GetString(text.bytes);
    }
}
