namespace MlPerfEdu.Roofline.Count;

/// <summary>Rows of a table, looked up by number.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Width">Numbers per row.</param>
/// <param name="Lookups">Numbers that are looked up in one step.</param>
/// <param name="UniqueRows">Different rows among them: exact where the data are known, expected otherwise.</param>
public sealed record EmbeddingShape(long Rows, long Width, long Lookups, long UniqueRows)
{
    public long Table => Rows * Width;

    public long Touched => UniqueRows * Width;

    public long Result => Lookups * Width;

    /// <summary>What uniform draws find: rows·(1 − (1 − 1/rows)^draws).</summary>
    public static long ExpectedUniqueRows(long rows, long draws) =>
        (long)Math.Round(-rows * Math.Exp(draws * Math.Log(1 - 1.0 / rows)) + rows);

    public void Check(string layer)
    {
        if (UniqueRows < 1 || UniqueRows > Math.Min(Rows, Lookups))
        {
            throw new ArgumentException(
                $"Layer '{layer}' touches {UniqueRows} different rows; "
                + $"{Lookups} look-ups in {Rows} rows touch from 1 to {Math.Min(Rows, Lookups)}. Give a number in between.");
        }
    }
}

/// <summary>How the gradient of a table is kept: as large as the table, or only the rows that were looked up.</summary>
public enum TableGradient
{
    Dense,
    Sparse,
}
