using System.Security.Cryptography;

namespace MlPerfEdu.Data;

/// <summary>Size, then SHA-256, every time a file is about to be used: a stamp would miss what changed behind its back.</summary>
static class FileCheck
{
    /// <exception cref="DataException">When the bytes are not those of one of the file's pins.</exception>
    public static ResolvedFile Verify(DataFile file, string path, DataOrigin origin, CancellationToken stop = default)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            var candidates = file.Pins.Where(p => p.Bytes == bytes).ToList();
            if (file.Pins.Count > 0 && candidates.Count == 0) throw StoreErrors.WrongSize(path, bytes, file, origin);
            var digest = Digest(path, stop);
            if (file.Pins.Count > 0 && !candidates.Exists(p => p.Sha256 == digest)) throw StoreErrors.WrongDigest(path, digest, candidates.Select(p => p.Sha256), origin);
            return new(file.Name, path, bytes, digest, file.Pins.Count > 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.CannotRead(path, e);
        }
    }

    public static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Digest(string path, CancellationToken stop = default)
    {
        using var stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        while (stream.Read(buffer) is > 0 and var read)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
