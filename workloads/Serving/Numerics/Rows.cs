namespace MlPerfEdu.Serving.Numerics;

/// <summary>Matrices that are handed over as all their rows one after the other.</summary>
static class Rows
{
    /// <summary>How many rows of a width there are: whole ones, and at least one.</summary>
    public static int Count(ReadOnlySpan<float> values, int width, string what)
    {
        if (values.IsEmpty)
            throw ServingErrors.Empty($"values of {what}");
        var rows = values.Length / width;
        return rows * width == values.Length ? rows : throw ServingErrors.Shape(what, $"{values.Length} values", $"a multiple of {width}");
    }
}
