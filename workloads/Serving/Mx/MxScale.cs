namespace MlPerfEdu.Serving.Mx;

/// <summary>Which power of two a tile shares. A decoder takes any; the standard states one rule that every encoder can follow.</summary>
enum MxScale
{
    /// <summary>floor(log2 of the largest value) − the element's largest exponent, as in section 6.3 of the standard.</summary>
    Standard,

    /// <summary>That one, half of it or twice it, whichever loses least of the tile: integers gain by halves, floats by doubles.</summary>
    LeastError,
}
