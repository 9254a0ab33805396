using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>Something that follows from an experiment's points and can be held against the same of another run.</summary>
public abstract record Finding(string Name);

/// <summary>How long something took, in the order of the rounds.</summary>
/// <param name="OneThread">Whether one thread did it: of several the slowest decides, so that load slows all rounds down.</param>
/// <param name="Say">A time as people know it; a rate, where they know the rate.</param>
public sealed record TimeFinding(string Name, IReadOnlyList<TimedRound> Rounds, bool OneThread, Func<double, string> Say) : Finding(Name);

/// <param name="Machine">How long the machine's own measure took beside it; absent where nothing was measured beside it.</param>
public sealed record TimedRound(IReadOnlyList<double> Seconds, double? Machine = null);

/// <summary>Where streaming slows down.</summary>
/// <param name="Range">Between the largest set that still fits and the smallest that does not, whichever part of the repeats is asked.</param>
/// <param name="Steady">Whether every part of the repeats has it.</param>
public sealed record KneeFinding(string Name, Interval Range, bool Steady) : Finding(Name);

/// <summary>Whether something that is known still is as expected.</summary>
/// <param name="Found">The number that decides, and its limit.</param>
public sealed record KnownFinding(string Name, bool AsExpected, double Error, string Found) : Finding(Name);
