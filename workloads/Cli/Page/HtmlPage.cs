using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;

namespace MlPerfEdu.Cli.Page;

/// <summary>
/// Puts page.html, page.css, the scripts and the data into one file that needs nothing else. Its content security policy names the hash of
/// its one script: the browser runs no other, whatever the data says, and asks no network.
/// </summary>
static class HtmlPage
{
    // In the order in which they need each other; the last one starts the page.
    static readonly string[] Scripts =
    [
        "numbers.js", "sha256.js", "load.js", "rules.js", "regimes.js", "verifier.js", "dom.js", "charts.js", "table.js", "details.js", "roofline.js",
        "sections.js", "main.js",
    ];

    // The default encoder escapes <, > and &: text from files ends no element.
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static byte[] Of(PageData data)
    {
        var script = $"\n\"use strict\";\n{string.Join('\n', Scripts.Select(Resource))}";
        var allowed = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        // The data goes in last: a mark in it stays text.
        return Encoding.UTF8.GetBytes(Resource("page.html")
            .Replace("{{policy}}", $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'")
            .Replace("{{style}}", Resource("page.css"))
            .Replace("{{script}}", script)
            .Replace("{{data}}", JsonSerializer.Serialize(data, Json)));
    }

    /// <summary>The bytes of a file as the page holds them: as they are, only smaller.</summary>
    public static string Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(content);
        return Convert.ToBase64String(packed.ToArray());
    }

    // One line ending everywhere, because the browser hashes what it reads.
    internal static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
