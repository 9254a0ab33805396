using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPerfEdu.Roofline.Evidence;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>What all ranks measured, one after another.</summary>
sealed record RankAnswer(int Size, IReadOnlyList<MeasuredPoint> Points)
{
    // As `rank --json` writes its answer.
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Tells every rank what each of them measured.</summary>
    public static RankAnswer Gather(IProcessGroup group, IReadOnlyList<MeasuredPoint> own)
    {
        var points = new List<MeasuredPoint>();
        for (var rank = 0; rank < group.Size; rank++)
            points.AddRange(Read<IReadOnlyList<MeasuredPoint>>(Tell(group, rank, JsonSerializer.Serialize(own, Json))));
        return new(group.Size, points);
    }

    /// <exception cref="Running.RunException">It is no such answer.</exception>
    public static RankAnswer Parse(string text)
    {
        try
        {
            return Read<RankAnswer>(text);
        }
        catch (JsonException)
        {
            throw DistributedErrors.Unreadable(text);
        }
    }

    static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Json) ?? throw new JsonException("null");

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
