namespace MlPerfEdu.Roofline.Count;

/// <summary>What counting has to know of a convolution, in either direction.</summary>
public interface IConvolution
{
    string Kind { get; }

    long OutChannels { get; }

    IReadOnlyList<long> Input { get; }

    IReadOnlyList<long> Weight { get; }

    IReadOnlyList<long> Output { get; }

    /// <summary>Multiply-adds of the forward pass; each gradient costs as many.</summary>
    long Macs { get; }

    void Check();
}
