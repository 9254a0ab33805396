using MlPerfEdu.Serving.Scheduling;
using static MlPerfEdu.Serving.Scheduling.ContinuousBatcherKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("scheduler")]
sealed class ContinuousBatcherInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        foreach (var order in Enum.GetValues<Order>())
            yield return KernelInvariant.None($"does as a plain list under 100,000 random operations, {order}", Differing(order, new(17)));
        var batcher = new ContinuousBatcher(2, 100, Order.ShortestFirst);
        batcher.Submit(1, 5, 50);
        batcher.Submit(2, 5, 5);
        batcher.Submit(3, 5, 20);
        yield return KernelInvariant.True("shortest first takes the short and the middle one", batcher.Step().SequenceEqual([2, 3]));
    }

    // The model: all requests in one list, and the next one looked for among all.
    static int Differing(Order order, RandomData random)
    {
        var batcher = new ContinuousBatcher(MostRunning, 100, order);
        var (model, next, preempted, differing) = (new List<Modelled>(), 0L, 0L, 0);
        for (var time = 0; time < 100_000; time++)
        {
            var some = model.Count == 0 ? null : model[random.Below(model.Count)];
            switch (random.Below(6))
            {
                case 0 when model.Count < 40:
                    model.Add(new(next, random.Between(1, 6)) { Turn = time });
                    batcher.Submit(next++, 5, model[^1].Wanted);
                    break;
                case 1:
                    while (model.Count(request => request.State == RequestState.Running) < MostRunning && First() is { } first)
                        first.State = RequestState.Running;
                    var running = model.Where(request => request.State == RequestState.Running).Select(request => request.Id).ToHashSet();
                    differing += running.SetEquals(batcher.Step().ToArray()) ? 0 : 1;
                    break;
                case 2 or 3 when some?.State == RequestState.Running:
                    some.Tokens.Add(time);
                    some.State = some.Tokens.Count == some.Wanted ? RequestState.Finished : RequestState.Running;
                    batcher.Complete(some.Id, time);
                    differing += batcher.Generated(some.Id).SequenceEqual([.. some.Tokens]) ? 0 : 1;
                    break;
                case 4 when some?.State == RequestState.Running:
                    (some.State, some.Turn) = (RequestState.Preempted, --preempted);
                    batcher.Preempt(some.Id);
                    break;
                case 5 when some is not null && some.State != RequestState.Running && random.Share() < 0.3:
                    model.Remove(some);
                    batcher.Forget(some.Id);
                    break;
                default:
                    break;
            }
            differing += Enum.GetValues<RequestState>().Count(state => batcher.Count(state) != model.Count(request => request.State == state));
        }
        return differing;

        Modelled? First() => model.Where(request => request.State is RequestState.Preempted or RequestState.Waiting)
            .OrderByDescending(request => request.State == RequestState.Preempted)
            .ThenBy(request => order == Order.ShortestFirst && request.State == RequestState.Waiting ? request.Wanted : 0)
            .ThenBy(request => request.Turn).FirstOrDefault();
    }

    sealed class Modelled(long id, int wanted)
    {
        public long Id => id;
        public int Wanted => wanted;
        public List<int> Tokens { get; } = [];
        public RequestState State { get; set; }
        public long Turn { get; set; }
    }
}
