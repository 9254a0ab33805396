using System.Diagnostics.CodeAnalysis;

namespace MlPerfEdu.Numerics;

/// <summary>Checks of arguments that cost next to nothing when they pass.</summary>
static class Guard
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(int found, int expected, string what)
    {
        if (found != expected)
            KernelErrors.ThrowShape(what, found, expected);
    }

    public static void NotEmpty(int count, string what)
    {
        if (count == 0)
            throw KernelErrors.Empty(what);
    }

    public static int Positive(int value, string what) => value > 0 ? value : throw KernelErrors.OutOfRange(what, value, "at least 1");

    /// <param name="holds">Written so that NaN fails it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Range<T>(bool holds, string what, T value, string expected) =>
        holds ? value : throw KernelErrors.OutOfRange(what, value!, expected);

    /// <summary>An index below the count.</summary>
    public static int Index(int index, int count, string what) =>
        (uint)index < (uint)count ? index : throw KernelErrors.UnknownId(what, index, $"0 to {count - 1}");

    /// <summary>Rows of a row-major matrix: whole ones, and at least one.</summary>
    public static int Rows(ReadOnlySpan<float> values, int width, string what)
    {
        if (values.IsEmpty)
            throw KernelErrors.Empty($"values of {what}");
        var rows = values.Length / width;
        return rows * width == values.Length ? rows : throw KernelErrors.Shape(what, $"{values.Length} values", $"a multiple of {width}");
    }

    public static void Finite(ReadOnlySpan<float> values, int length, string what)
    {
        Length(values.Length, length, what);
        Finite(values, what);
    }

    public static void Finite(ReadOnlySpan<float> values, string what)
    {
        if (!Simd.AreFinite(values))
            ThrowNotFinite(values, what);
    }

    [DoesNotReturn]
    static void ThrowNotFinite(ReadOnlySpan<float> values, string what)
    {
        var index = 0;
        while (float.IsFinite(values[index]))
            index++;
        throw KernelErrors.NotFinite(what, index, values[index]);
    }
}

/// <summary>Bad input to a kernel, which changed nothing.</summary>
public sealed class KernelException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>The mistakes of a kernel's callers. workloads/Serving/README.md explains each code.</summary>
static class KernelErrors
{
    public static KernelException Shape(string what, string found, string expected) =>
        new("MLP4001", $"found {what} of {found} → expected {expected} → pass it in that shape.");

    public static KernelException NotFinite(string what, int index, double value) =>
        new("MLP4002", $"found {value} at {index} of {what} → expected finite numbers → find what made it.");

    public static KernelException OutOfRoom(string what, long wanted, long free) =>
        new("MLP4003", $"found {free} {what} free where {wanted} are needed → expected enough → free some or build it larger.");

    public static KernelException UnknownId(string kind, object id, string expected) =>
        new("MLP4004", $"found the {kind} '{id}' → expected {expected} → correct it or add it first.");

    public static KernelException Empty(string what) => new("MLP4005", $"found no {what} → expected at least one → pass some.");

    public static KernelException OutOfRange(string what, object found, string expected) =>
        new("MLP4006", $"found {what} {found} → expected {expected} → choose one in that range.");

    public static KernelException Taken(string kind, object id) =>
        new("MLP4007", $"found the {kind} '{id}' again → expected a new one → remove the other first or choose another id.");

    [DoesNotReturn]
    public static void ThrowShape(string what, int found, int expected) => throw Shape(what, $"{found} values", $"{expected}");
}
