namespace MlPerfEdu.Serving.Scheduling;

/// <summary>What the batcher knows of a request.</summary>
sealed class Request
{
    public long Id { get; private set; }

    public int Wanted { get; private set; }

    public int[] Tokens { get; private set; } = [];

    public int Generated { get; set; }

    public RequestState State { get; set; }

    /// <summary>Among the running.</summary>
    public int Place { get; set; }

    // In the line of those that wait.
    public Request? Ahead { get; set; }

    public Request? Behind { get; set; }

    /// <summary>Smaller is earlier.</summary>
    public long Turn { get; set; }

    public void Begin(long id, int wanted, RequestState state)
    {
        (Id, Wanted, Generated, State) = (id, wanted, 0, state);
        if (Tokens.Length < wanted)
            Tokens = new int[wanted];
    }
}
