using System.Diagnostics.CodeAnalysis;

namespace MlPerfEdu.Serving;

/// <summary>The mistakes that callers of kernels make. README.md explains each code.</summary>
static class ServingErrors
{
    public static ServingException Shape(string what, string found, string expected) =>
        new("MLP4001", $"found {what} of {found} → expected {expected} → pass it in that shape.");

    public static ServingException NotFinite(string what, int index, double value) =>
        new("MLP4002", $"found {value} at {index} of {what} → expected finite numbers → find what made it.");

    public static ServingException OutOfRoom(string what, long wanted, long free) =>
        new("MLP4003", $"found {free} {what} free where {wanted} are needed → expected enough → free some or build it larger.");

    public static ServingException UnknownId(string kind, object id, string expected) =>
        new("MLP4004", $"found the {kind} '{id}' → expected {expected} → correct it or add it first.");

    public static ServingException Empty(string what) =>
        new("MLP4005", $"found no {what} → expected at least one → pass some.");

    public static ServingException OutOfRange(string what, object found, string expected) =>
        new("MLP4006", $"found {what} {found} → expected {expected} → choose one in that range.");

    public static ServingException Taken(string kind, object id) =>
        new("MLP4007", $"found the {kind} '{id}' again → expected a new one → remove the other first or choose another id.");

    [DoesNotReturn]
    public static void ThrowShape(string what, int found, int expected) => throw Shape(what, $"{found} values", $"{expected}");
}
