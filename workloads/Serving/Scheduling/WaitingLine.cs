namespace MlPerfEdu.Serving.Scheduling;

/// <summary>Requests that wait, in the order in which they are served. Those that were preempted go before all others.</summary>
sealed class WaitingLine(Order order)
{
    // First come, and preempted: linked, so that one can leave from the middle.
    Request? _first;
    Request? _last;
    readonly SortedSet<Request> _byLength = new(Comparer<Request>.Create((a, b) => (a.Wanted, a.Turn).CompareTo((b.Wanted, b.Turn))));
    long _turn;

    public void Add(Request request)
    {
        request.Turn = _turn++;
        if (order == Order.ShortestFirst)
        {
            _byLength.Add(request);
            return;
        }
        (request.Ahead, request.Behind) = (_last, null);
        if (_last is null)
            _first = request;
        else
            _last.Behind = request;
        _last = request;
    }

    public void AddFront(Request request)
    {
        (request.Ahead, request.Behind) = (null, _first);
        if (_first is null)
            _last = request;
        else
            _first.Ahead = request;
        _first = request;
    }

    public bool TryTake(out Request request)
    {
        request = _first ?? _byLength.Min!;
        if (request is null)
            return false;
        Remove(request);
        return true;
    }

    public void Remove(Request request)
    {
        if (_byLength.Count > 0 && _byLength.Remove(request))
            return;
        if (request.Ahead is null)
            _first = request.Behind;
        else
            request.Ahead.Behind = request.Behind;
        if (request.Behind is null)
            _last = request.Ahead;
        else
            request.Behind.Ahead = request.Ahead;
        (request.Ahead, request.Behind) = (null, null);
    }
}
