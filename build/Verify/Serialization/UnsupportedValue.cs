namespace VerifyTests;

/// <summary>Refuses what the stand-in would write differently from Verify: a wrong snapshot is worse than none.</summary>
static class UnsupportedValue
{
    public static NotSupportedException Of(Type type, string where) => new(
        $"The stand-in for Verify does not write {type} {where}. "
        + "Verify a string, or an object of strings, numbers, lists, dictionaries and records of your own, "
        + "or build with -p:VerifyProvider=nuget.");
}
