namespace MlPerfEdu.Generator;

public static class ClassName
{
    /// <summary>anomaly-ae-train becomes AnomalyAeTrain; a leading digit gets an underscore before it.</summary>
    public static string Of(string id)
    {
        var name = string.Concat(id.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }
}
