namespace MlPerfEdu.Serving.Numerics;

/// <summary>Memory that is kept from call to call and only ever grows.</summary>
struct Scratch<T>()
{
    T[] _kept = [];

    public Span<T> Take(int length)
    {
        if (_kept.Length < length)
            _kept = new T[length];
        return _kept.AsSpan(0, length);
    }
}
