using System.Buffers.Binary;
using System.Text;
using Microsoft.Build.Framework;

namespace MlPerfEdu.Tasks;

/// <summary>What keeps a library from being read or changed.</summary>
public sealed class ElfException(string message) : Exception(message);

/// <summary>
/// A 64-bit little-endian shared library: which versions of symbols it needs of others, and how strictly.
/// Layout: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
/// </summary>
public sealed class ElfImage
{
    const int HeaderSize = 64, SectionSize = 64, SymbolSize = 24, RelocationSize = 24, NeedSize = 16;
    const uint Relocations = 4, DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    const ushort Optional = 2;

    readonly Section[] sections;

    public ElfImage(byte[] bytes)
    {
        Bytes = bytes;
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32BigEndian(bytes) != 0x7f454c46)
            throw new ElfException("is no ELF file");
        if (bytes[4] != 2)
            throw new ElfException("is not for 64 bits");
        if (bytes[5] != 1)
            throw new ElfException("is big-endian");
        var start = Offset(U64(0x28));
        sections = [.. Enumerable.Range(0, U16(0x3c)).Select(index => ReadSection(start + index * SectionSize))];
    }

    public byte[] Bytes { get; }

    /// <summary>Makes the need optional: the loader then accepts a library that lacks the version.</summary>
    /// <returns>False when there is no such need, or it is optional already.</returns>
    /// <exception cref="ElfException">Something besides the marker needs the version, or something uses the marker.</exception>
    public bool Weaken(string version, string marker)
    {
        if (Find(VersionNeeds) is not { } needs || FindNeed(needs, version) is not { } need)
            return false;
        var flags = U16(need + 4);
        if ((flags & Optional) != 0)
            return false;
        CheckMarker(U16(need + 6), version, marker);
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(need + 4), (ushort)(flags | Optional));
        return true;
    }

    // Each library that is needed (Verneed) has a chain of the versions needed of it (Vernaux); all links are distances from the entry.
    int? FindNeed(Section needs, string version)
    {
        var names = Linked(needs);
        for (var library = Inside(needs, needs.Start, 0); ; library = Inside(needs, library, U32(library + 12)))
        {
            var need = Inside(needs, library, U32(library + 8));
            for (var left = U16(library + 2); left > 0; left--)
            {
                if (Text(names, U32(need + 8)) == version)
                    return need;
                if (left > 1 && U32(need + 12) == 0)
                    throw new ElfException("ends its list of versions early");
                need = Inside(needs, need, U32(need + 12));
            }
            if (U32(library + 12) == 0)
                return null;
        }
    }

    // A symbol without a relocation is never looked up, so a system that lacks it works too.
    void CheckMarker(ushort index, string version, string marker)
    {
        if (Find(DynamicSymbols) is not { } symbols || Find(SymbolVersions) is not { } versions)
            throw new ElfException("has no dynamic symbols");
        var names = Linked(symbols);
        for (var symbol = 0; symbol < symbols.Length / SymbolSize; symbol++)
        {
            if ((U16(versions.Start + 2 * symbol) & 0x7fff) != index)
                continue;
            if (Text(names, U32(symbols.Start + symbol * SymbolSize)) is var name && name != marker)
                throw new ElfException($"needs {version} for {name} too");
            if (IsRelocated(symbol))
                throw new ElfException($"uses {marker}");
        }
    }

    bool IsRelocated(int symbol) => sections.Where(section => section.Type == Relocations).Any(section =>
        Enumerable.Range(0, section.Length / RelocationSize).Any(entry => U32(section.Start + entry * RelocationSize + 12) == symbol));

    Section ReadSection(int header)
    {
        // Sections without content in the file have offsets that mean nothing.
        const uint noContent = 8;
        var type = U32(header + 4);
        var (start, length) = type == noContent ? (0, 0) : (Offset(U64(header + 24)), Offset(U64(header + 32)));
        if (start > Bytes.Length - length)
            throw new ElfException("is cut short");
        return new(type, start, length, (int)U32(header + 40));
    }

    Section? Find(uint type) => Array.Find(sections, section => section.Type == type);

    Section Linked(Section section) =>
        (uint)section.Link < sections.Length ? sections[section.Link] : throw new ElfException("names a section that it does not have");

    // Links only lead onwards, so a damaged list ends too.
    static int Inside(Section needs, int entry, uint distance) => entry + (long)distance <= needs.Start + (long)needs.Length - NeedSize
        ? entry + (int)distance
        : throw new ElfException("points out of its list of versions");

    string Text(Section names, uint offset)
    {
        if (offset >= names.Length)
            throw new ElfException("points out of its names");
        var text = Bytes.AsSpan(names.Start + (int)offset, names.Length - (int)offset);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));
    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));
    ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8));
    int Offset(ulong value) => value <= (ulong)Bytes.Length ? (int)value : throw new ElfException("is cut short");

    ReadOnlySpan<byte> Slice(int at, int count) =>
        at >= 0 && at <= Bytes.Length - count ? Bytes.AsSpan(at, count) : throw new ElfException("is cut short");

    sealed record Section(uint Type, int Start, int Length, int Link);
}

/// <summary>
/// Copies a Linux library with one of its version needs made optional, so that it loads with an older libstdc++ (build/Torch/README.md).
/// The library itself is only read.
/// </summary>
public sealed class WeakenVersionNeed : Microsoft.Build.Utilities.Task
{
    /// <summary>The library as its package brought it.</summary>
    [Required]
    public ITaskItem Library { get; set; } = null!;

    [Required]
    public ITaskItem Copy { get; set; } = null!;

    /// <summary>The version that an older library lacks, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; } = null!;

    /// <summary>The only symbol that may carry the version.</summary>
    [Required]
    public string Marker { get; set; } = null!;

    public override bool Execute()
    {
        var (library, copy) = (Library.GetMetadata("FullPath"), Copy.GetMetadata("FullPath"));
        try
        {
            var image = new ElfImage(File.ReadAllBytes(library));
            // Without the need, or with an optional one, the copy equals the library. It is written all the same, so that the next build skips it.
            image.Weaken(Version, Marker);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            // A program that has the old copy loaded keeps it: the new one is another file under the same name.
            var replacement = $"{copy}.{Guid.NewGuid():N}";
            File.WriteAllBytes(replacement, image.Bytes);
            File.Move(replacement, copy, overwrite: true);
        }
        catch (ElfException mistake)
        {
            Fail("MLP0903", $"Found that '{library}' {mistake.Message}; expected a library for Linux on x64 in which " +
                $"only {Marker} asks for {Version}. Restore the package again (dotnet restore --force), or pass -p:TorchSharpPath=DIR with a TorchSharp built here.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail("MLP0904", $"Found no way to copy '{library}' to '{copy}': {error.Message} Expected a readable package and a " +
                "writable artifacts folder. Correct their permissions, or free some space.");
        }
        return !Log.HasLoggedErrors;
    }

    void Fail(string code, string message) =>
        Log.LogError(null, code, null, Library.ItemSpec, 0, 0, 0, 0, "{0} (build/README.md#{1})", message, code.ToLowerInvariant());
}
