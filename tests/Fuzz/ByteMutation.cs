using System.Text;

namespace MlPerfEdu.Fuzz;

/// <summary>Damages bytes as disks, lines and attackers do. The same number does the same damage.</summary>
static class ByteMutation
{
    static readonly string[] Numbers = ["0", "-1", "1e308", "1e999", "9223372036854775807", "9223372036854775808", "4294967296", "NaN", "0x10", "1e-320", ""];

    public static byte[] Of(ReadOnlySpan<byte> whole, int number)
    {
        var random = new Random(number);
        byte[] bytes = [.. whole];
        for (var times = random.Next(1, 4); times > 0 && bytes.Length > 0; times--)
            bytes = Once(bytes, random);
        return bytes;
    }

    static byte[] Once(byte[] bytes, Random random)
    {
        int from = random.Next(bytes.Length), length = Math.Min(bytes.Length - from, 1 << random.Next(12)), to = from + length;
        switch (random.Next(9))
        {
            case 0:
                bytes[from] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[from] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..from];
            case 3:
                return [.. bytes[..from], .. bytes[to..]];
            case 4:
                return [.. bytes[..to], .. bytes[from..]];
            case 5:
                bytes.AsSpan(from, length).Fill((byte)(random.Next(2) * 255));
                return bytes;
            case 6:
                random.NextBytes(bytes.AsSpan(from, length));
                return bytes;
            case 7:
                return [.. bytes[..from], .. Encoding.UTF8.GetBytes(YamlMutation.Hostile[random.Next(YamlMutation.Hostile.Length)]), .. bytes[from..]];
            default:
                return Number(bytes, from, random);
        }
    }

    // Sizes and counts in text: the next number becomes an odd one.
    static byte[] Number(byte[] bytes, int from, Random random)
    {
        var start = Array.FindIndex(bytes, from, value => char.IsAsciiDigit((char)value));
        if (start < 0)
            return bytes;
        var end = Array.FindIndex(bytes, start, value => !char.IsAsciiDigit((char)value));
        return [.. bytes[..start], .. Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]), .. end < 0 ? [] : bytes[end..]];
    }
}
