namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>A number as a bar of a table, on a logarithmic scale that all rows share.</summary>
sealed class Bar
{
    const int Longest = 40;

    readonly double _low;
    readonly double _decades;

    public Bar(IEnumerable<double> values)
    {
        var known = values.Where(value => value > 0 && double.IsFinite(value)).DefaultIfEmpty(1).ToList();
        _low = Math.Log10(known.Min());
        _decades = Math.Log10(known.Max()) - _low;
    }

    public string Of(double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
            return "";
        var share = _decades > 0 ? (Math.Log10(value) - _low) / _decades : 0;
        return new string('#', 1 + (int)Math.Round(share * (Longest - 1)));
    }
}
