using System.Security.Cryptography;
using System.Text;

namespace MlPerfEdu.Generator;

internal static class Digests
{
    public static string Sha256(string text) => Sha256(Encoding.UTF8.GetBytes(text));
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
