using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MlPerfEdu.Workloads.Training;

/// <summary>The bits of every loss of a run as one hash: equal hashes mean equal runs, bit for bit.</summary>
public sealed class LossTrajectory : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(float loss)
    {
        Span<byte> bits = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bits, loss);
        hash.AppendData(bits);
    }

    public string Digest => Convert.ToHexStringLower(hash.GetCurrentHash());

    public void Dispose() => hash.Dispose();
}
