namespace MlPerfEdu.Serving.Scheduling;

public enum Order
{
    FirstComeFirstServed,

    /// <summary>The request that wants the fewest tokens goes first.</summary>
    ShortestFirst,
}

public enum RequestState { Waiting, Running, Preempted, Finished }

/// <summary>Decides which requests take part in the next step of the model: as soon as one is finished another takes its place, instead of the
/// whole batch waiting for its longest member (Yu et al. 2022). Every operation takes constant time, except choosing the shortest.</summary>
/// <param name="mostTokens">Of a prompt and its answer together.</param>
public sealed class ContinuousBatcher(int mostRunning, int mostTokens, Order order = Order.FirstComeFirstServed)
{
    readonly long[] running = new long[Guard.Positive(mostRunning, "running requests")];
    readonly int mostTokens = Guard.Positive(mostTokens, "tokens of a request");
    readonly WaitingLine waiting = new(order);
    readonly Dictionary<long, Request> requests = [];
    readonly int[] counts = new int[4];
    // Forgotten requests, to be reused.
    readonly Stack<Request> spare = new();
    int count;

    public int MostRunning => running.Length;
    public long Submitted { get; private set; }
    public long Steps { get; private set; }
    public long Tokens { get; private set; }
    public double TokensPerStep => Steps == 0 ? 0 : (double)Tokens / Steps;
    public int Count(RequestState state) => counts[(int)state];
    public RequestState StateOf(long id) => Of(id).State;

    public ReadOnlySpan<int> Generated(long id)
    {
        var request = Of(id);
        return request.Tokens.AsSpan(0, request.Generated);
    }

    public void Submit(long id, int promptTokens, int newTokens)
    {
        Guard.Positive(promptTokens, "tokens of a prompt");
        Guard.Positive(newTokens, "tokens to generate");
        if (promptTokens > mostTokens - newTokens)
            throw KernelErrors.OutOfRange("a request of", (long)promptTokens + newTokens, $"at most {mostTokens} tokens");
        if (requests.ContainsKey(id))
            throw KernelErrors.Taken("request", id);
        var request = this.spare.TryPop(out var spare) ? spare : new();
        request.Begin(id, newTokens, RequestState.Waiting);
        requests.Add(id, request);
        waiting.Add(request);
        counts[(int)RequestState.Waiting]++;
        Submitted++;
    }

    /// <summary>Fills free places from the waiting line.</summary>
    /// <returns>The requests of this step; valid until something changes.</returns>
    public ReadOnlySpan<long> Step()
    {
        while (count < MostRunning && waiting.TryTake(out var request))
        {
            request.Place = count;
            running[count++] = request.Id;
            Move(request, RequestState.Running);
        }
        Steps++;
        return running.AsSpan(0, count);
    }

    /// <summary>Adds a token to a running request, which is finished when it has all that it wanted.</summary>
    public RequestState Complete(long id, int token)
    {
        var request = Running(id);
        request.Tokens[request.Generated++] = token;
        Tokens++;
        if (request.Generated == request.Wanted)
            Leave(request, RequestState.Finished);
        return request.State;
    }

    /// <summary>Ends a running request early: its text is complete.</summary>
    public void Finish(long id) => Leave(Running(id), RequestState.Finished);

    /// <summary>Sends a running request to the front of the line, with its tokens.</summary>
    public void Preempt(long id)
    {
        var request = Running(id);
        Leave(request, RequestState.Preempted);
        waiting.AddFront(request);
    }

    /// <summary>Removes a request that is not running.</summary>
    public void Forget(long id)
    {
        var request = Of(id);
        if (request.State == RequestState.Running)
            throw WrongState(request, "one that is not running");
        if (request.State != RequestState.Finished)
            waiting.Remove(request);
        counts[(int)request.State]--;
        requests.Remove(id);
        spare.Push(request);
    }

    // The last takes the free place.
    void Leave(Request request, RequestState state)
    {
        var last = running[--count];
        running[request.Place] = last;
        requests[last].Place = request.Place;
        Move(request, state);
    }

    void Move(Request request, RequestState state)
    {
        counts[(int)request.State]--;
        counts[(int)state]++;
        request.State = state;
    }

    Request Of(long id) => requests.TryGetValue(id, out var request)
        ? request : throw KernelErrors.UnknownId("request", id, "one that was submitted");

    Request Running(long id)
    {
        var request = Of(id);
        return request.State == RequestState.Running ? request : throw WrongState(request, "a running one");
    }

    static KernelException WrongState(Request request, string expected) =>
        KernelErrors.OutOfRange($"request {request.Id} as", request.State, expected);
}

/// <summary>Waiting requests in the order in which they are served. Preempted ones go before all others.</summary>
sealed class WaitingLine(Order order)
{
    // First come, and preempted.
    readonly LinkedList<Request> line = [];
    readonly SortedSet<Request> byLength = new(Comparer<Request>.Create((a, b) => (a.Wanted, a.Turn).CompareTo((b.Wanted, b.Turn))));
    long turn;

    public void Add(Request request)
    {
        request.Turn = turn++;
        if (order == Order.ShortestFirst)
            byLength.Add(request);
        else
            line.AddLast(request.Node);
    }

    public void AddFront(Request request) => line.AddFirst(request.Node);

    public bool TryTake(out Request request)
    {
        request = line.First?.Value ?? byLength.Min!;
        if (request is null)
            return false;
        Remove(request);
        return true;
    }

    public void Remove(Request request)
    {
        if (request.Node.List is null)
            byLength.Remove(request);
        else
            line.Remove(request.Node);
    }
}

sealed class Request
{
    public Request() => Node = new(this);
    public long Id { get; private set; }
    public int Wanted { get; private set; }
    public int[] Tokens { get; private set; } = [];
    public int Generated { get; set; }
    public RequestState State { get; set; }
    public int Place { get; set; }
    /// <summary>In the line of those that wait; a node of its own, so that waiting allocates nothing.</summary>
    public LinkedListNode<Request> Node { get; }
    public long Turn { get; set; }

    public void Begin(long id, int wanted, RequestState state)
    {
        (Id, Wanted, Generated, State) = (id, wanted, 0, state);
        if (Tokens.Length < wanted)
            Tokens = new int[wanted];
    }
}

[Kernels("scheduler")]
public sealed class ContinuousBatcherKernels : IKernels
{
    internal const int MostRunning = 8;

    public IEnumerable<Kernel> Kernels()
    {
        var batcher = new ContinuousBatcher(MostRunning, 2048);
        for (var id = 0; id < MostRunning; id++)
            batcher.Submit(id, 16, 32);
        yield return new("step-batch", () => batcher.Step());
        // The request is taken back at once, so that the line stays as it is.
        yield return new("submit", () =>
        {
            batcher.Submit(MostRunning, 16, 32);
            batcher.Forget(MostRunning);
        });
    }
}
