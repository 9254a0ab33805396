using System.Buffers.Binary;
using System.Text;
using MlPerfEdu.Tasks;

namespace MlPerfEdu.Build.Tests;

/// <summary>What is made optional in a library, and what is refused; on files crafted here.</summary>
public sealed class ElfTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-elf-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    const string Version = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";

    [Fact]
    public void Only_the_one_need_becomes_optional()
    {
        var library = new Library();
        var before = library.Build();
        var image = new ElfImage([.. before]);

        Assert.True(image.Weaken(Version, Marker));

        var changed = Enumerable.Range(0, before.Length).Where(at => before[at] != image.Bytes[at]);
        Assert.Equal([library.FlagsOf(Version)], changed);
        Assert.Equal(2, image.Bytes[library.FlagsOf(Version)]);
    }

    [Fact]
    public void An_optional_need_stays_as_it_is() => Unchanged(new Library { Flags = 2 });

    [Fact]
    public void A_library_without_the_need_stays_as_it_is() => Unchanged(new Library { Versions = ["GLIBCXX_3.4", "GLIBCXX_3.4.9"] });

    [Fact]
    public void A_library_without_any_needs_stays_as_it_is() => Unchanged(new Library { NeedsType = 1 });

    [Fact]
    public void Another_symbol_of_the_version_is_refused() => Refused(new Library { OtherSymbol = "_ZSt4fine" }.Build(), "_ZSt4fine");

    [Fact]
    public void A_use_of_the_marker_is_refused() => Refused(new Library { Relocated = true }.Build(), $"uses {Marker}");

    [Fact]
    public void Other_kinds_of_files_are_refused()
    {
        var library = new Library().Build();
        Refused([], "no ELF file");
        Refused(Encoding.UTF8.GetBytes(new string('#', 200)), "no ELF file");
        Refused(With(library, 4, 1), "64 bits");
        Refused(With(library, 5, 2), "big-endian");
    }

    [Fact]
    public void However_it_is_cut_or_damaged_it_is_read_or_refused()
    {
        var library = new Library().Build();
        for (var length = 0; length < library.Length; length++)
            ReadOrRefused(library[..length]);
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = library.ToArray();
            for (var times = random.Next(1, 4); times > 0; times--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            ReadOrRefused(damaged);
        }
    }

    [Fact]
    public void The_task_copies_and_leaves_the_library_alone()
    {
        var (library, copy) = (Path.Combine(folder, "lib.so"), Path.Combine(folder, "below", "copy.so"));
        var bytes = new Library().Build();
        File.WriteAllBytes(library, bytes);

        Assert.Empty(Run(library, copy));

        Assert.Equal(bytes, File.ReadAllBytes(library));
        Assert.NotEqual(bytes, File.ReadAllBytes(copy));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(copy)!));
    }

    [Fact]
    public void The_task_names_the_file_that_it_cannot_use()
    {
        var library = Path.Combine(folder, "lib.so");
        Assert.Contains("MLP0904", Assert.Single(Run(library, library + ".copy")));
        File.WriteAllText(library, "no library");
        Assert.Contains("MLP0903", Assert.Single(Run(library, library + ".copy")));
        Assert.False(File.Exists(library + ".copy"));
    }

    static List<string> Run(string library, string copy)
    {
        var engine = new FakeBuildEngine();
        var task = new WeakenVersionNeed
        {
            BuildEngine = engine,
            Library = new Microsoft.Build.Utilities.TaskItem(library),
            Copy = new Microsoft.Build.Utilities.TaskItem(copy),
            Version = Version,
            Marker = Marker,
        };
        var done = task.Execute();
        Assert.Equal(done, engine.Errors.Count == 0);
        return [.. engine.Errors.Select(error => $"{error.Code} {error.Message}")];
    }

    static void Unchanged(Library library)
    {
        var bytes = library.Build();
        var image = new ElfImage([.. bytes]);
        Assert.False(image.Weaken(Version, Marker));
        Assert.Equal(bytes, image.Bytes);
    }

    static void Refused(byte[] bytes, string why) =>
        Assert.Contains(why, Assert.Throws<ElfException>(() => new ElfImage(bytes).Weaken(Version, Marker)).Message);

    static void ReadOrRefused(byte[] bytes)
    {
        try
        {
            new ElfImage(bytes).Weaken(Version, Marker);
        }
        catch (ElfException)
        {
            // Refused, with a reason.
        }
    }

    static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }

    /// <summary>A library of nothing but what the reader looks at: needs, symbols, their versions, one relocation.</summary>
    sealed class Library
    {
        const int Header = 64, SectionHeader = 64;

        public string[] Versions { get; init; } = ["GLIBCXX_3.4", Version, "GLIBCXX_3.4.9"];

        public ushort Flags { get; init; }

        public uint NeedsType { get; init; } = 0x6ffffffe;

        public string? OtherSymbol { get; init; }

        public bool Relocated { get; init; }

        public int FlagsOf(string version) => Header + 16 + 16 * Array.IndexOf(Versions, version) + 4;

        public byte[] Build()
        {
            var names = new List<byte> { 0 };
            int Name(string text)
            {
                names.AddRange([.. Encoding.UTF8.GetBytes(text), 0]);
                return names.Count - text.Length - 1;
            }

            var needs = new byte[16 + 16 * Versions.Length];
            Write(needs, 0, 1, 2);
            Write(needs, 2, Versions.Length, 2);
            Write(needs, 8, 16, 4);
            for (var index = 0; index < Versions.Length; index++)
            {
                var at = 16 + 16 * index;
                Write(needs, at + 4, Versions[index] == Version ? Flags : 0, 2);
                Write(needs, at + 6, index + 2, 2);
                Write(needs, at + 8, Name(Versions[index]), 4);
                Write(needs, at + 12, index < Versions.Length - 1 ? 16 : 0, 4);
            }

            // The first symbol is none; the second has the first version, the third the one that matters.
            string[] symbols = ["printf", Marker, .. OtherSymbol is null ? Array.Empty<string>() : [OtherSymbol]];
            var table = new byte[24 * (symbols.Length + 1)];
            var versions = new byte[2 * (symbols.Length + 1)];
            for (var index = 0; index < symbols.Length; index++)
            {
                Write(table, 24 * (index + 1), Name(symbols[index]), 4);
                Write(versions, 2 * (index + 1), index == 0 ? 2 : Array.IndexOf(Versions, Version) + 2, 2);
            }

            var relocations = new byte[24];
            Write(relocations, 12, Relocated ? 2 : 1, 4);
            (uint Type, byte[] Content, int Link)[] sections =
                [(0, [], 0), (NeedsType, needs, 2), (3, [.. names], 0), (11, table, 2), (0x6fffffff, versions, 3), (4, relocations, 3)];
            return Assemble(sections);
        }

        static byte[] Assemble((uint Type, byte[] Content, int Link)[] sections)
        {
            var file = new List<byte>(new byte[Header]);
            var headers = new byte[SectionHeader * sections.Length];
            for (var index = 0; index < sections.Length; index++)
            {
                var (type, content, link) = sections[index];
                BinaryPrimitives.WriteUInt32LittleEndian(headers.AsSpan(SectionHeader * index + 4), type);
                Write(headers, SectionHeader * index + 24, file.Count, 8);
                Write(headers, SectionHeader * index + 32, content.Length, 8);
                Write(headers, SectionHeader * index + 40, link, 4);
                file.AddRange(content);
            }

            var start = file.Count;
            file.AddRange(headers);
            byte[] bytes = [.. file];
            byte[] identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
            identity.CopyTo(bytes, 0);
            Write(bytes, 0x28, start, 8);
            Write(bytes, 0x3c, sections.Length, 2);
            return bytes;
        }

        static void Write(byte[] bytes, int at, long value, int size)
        {
            for (var index = 0; index < size; index++)
                bytes[at + index] = (byte)(value >> (8 * index));
        }
    }
}
