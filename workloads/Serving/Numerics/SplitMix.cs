namespace MlPerfEdu.Serving.Numerics;

/// <summary>Random numbers in a word of memory, the same on every machine (Steele et al. 2014).</summary>
struct SplitMix(ulong seed)
{
    ulong _state = seed;

    /// <summary>0 to below 1.</summary>
    public double Share()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
