namespace MlPerfEdu.Zoo;

/// <summary>One entry of silicon.yaml.</summary>
public sealed record Device
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DeviceClass Class { get; init; }

    public required int Year { get; init; }

    public required Peaks Peaks { get; init; }

    public required ByteCount Capacity { get; init; }

    public required ByteRate Bandwidth { get; init; }

    public Power? Power { get; init; }

    public Money? Price { get; init; }

    /// <summary>What starting one pass costs, whatever it computes.</summary>
    public required Duration Dispatch { get; init; }

    public Memory? Sram { get; init; }

    public Memory? Flash { get; init; }

    /// <summary>To the memory of the host, where what does not fit must stay.</summary>
    public Link? HostLink { get; init; }

    /// <summary>To another device of the kind.</summary>
    public Link? PeerLink { get; init; }

    /// <summary>What is doubtful about the entry.</summary>
    public string? Flag { get; init; }

    public required IReadOnlyList<Source> Sources { get; init; }

    /// <summary>The entry as MLSys·im has it: the same but for what `original` names.</summary>
    public Device Original => InOriginal ?? this;

    /// <summary>Where the entry begins in silicon.yaml.</summary>
    public required int Line { get; init; }

    /// <summary>FLOP per byte from which on the device computes at full speed.</summary>
    public Intensity Ridge(Dtype dtype) => Peaks.Of(dtype) / Bandwidth;

    internal Device? InOriginal { get; init; }

    // A record's own text holds every property, and Original leads back here.
    public override string ToString() => Id;
}
