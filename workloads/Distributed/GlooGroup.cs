using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>Reaches the process groups of a provider that has them; TorchSharp's own API has none.</summary>
public sealed class GlooGroup : IProcessGroup
{
    const string Provided = "TorchSharp.Provider.ProcessGroup";

    // Processes of a busy machine start within seconds of each other, those of several hosts within a minute.
    static readonly TimeSpan Join = TimeSpan.FromMinutes(1);

    // A lost connection is noticed at once; this is for a rank that hangs.
    static readonly TimeSpan Answer = TimeSpan.FromSeconds(8);

    static readonly Type? GroupType = typeof(torch).Assembly.GetType(Provided);

    readonly RankPlace _place;
    readonly IDisposable _group;
    readonly Action<Tensor> _sum;
    readonly Action<Tensor, int> _broadcast;
    readonly Action _barrier;

    GlooGroup(RankPlace place, IDisposable group)
    {
        (_place, _group) = (place, group);
        _sum = Method<Action<Tensor>>(nameof(Sum));
        _broadcast = Method<Action<Tensor, int>>(nameof(Broadcast));
        _barrier = Method<Action>(nameof(Barrier));
    }

    /// <summary>Why there are no process groups here; absent when there are.</summary>
    public static string? Unavailable { get; } = GroupType switch
    {
        null => "process groups are not available under this provider",
        _ when GroupType.GetProperty("IsAvailable")?.GetValue(null) is true => null,
        _ => "libtorch's Gloo was not found when the native part was compiled (Debian and Ubuntu: apt-get install libgloo-dev)",
    };

    public int Rank => _place.Rank;

    public int Size => _place.Size;

    /// <summary>Waits until every rank of the group has come.</summary>
    public static GlooGroup JoinAs(RankPlace place) => JoinAs(place, Join, Answer);

    internal static GlooGroup JoinAs(RankPlace place, TimeSpan join, TimeSpan answer)
    {
        if (Unavailable is { } reason)
            throw DistributedErrors.NoGroups(reason);
        try
        {
            var group = Activator.CreateInstance(
                GroupType!, place.Address, place.Port, place.Rank, place.Size, join.TotalSeconds, answer.TotalSeconds);
            return new(place, (IDisposable)group!);
        }
        catch (TargetInvocationException error) when (error.InnerException is ExternalException why)
        {
            throw DistributedErrors.NotJoined(place, why.Message);
        }
    }

    public void Sum(Tensor tensor) => Exchange(() => _sum(tensor));

    public void Broadcast(Tensor tensor, int root) => Exchange(() => _broadcast(tensor, root));

    public void Barrier() => Exchange(_barrier);

    public void Dispose() => _group.Dispose();

    void Exchange(Action call)
    {
        try
        {
            call();
        }
        catch (ExternalException why)
        {
            throw DistributedErrors.RankLost(_place, why.Message);
        }
    }

    T Method<T>(string name) where T : Delegate => _group.GetType().GetMethod(name)!.CreateDelegate<T>(_group);
}
