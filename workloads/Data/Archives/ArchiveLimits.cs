namespace MlPerfEdu.Data;

/// <summary>What an archive may hold before it is refused, so that a small file cannot fill a disk.</summary>
/// <param name="Ratio">Unpacked bytes per packed byte, beyond the first megabyte.</param>
public sealed record ArchiveLimits(int Entries = 200_000, long EntryBytes = 1L << 30, long TotalBytes = 8L << 30, int Ratio = 200);
