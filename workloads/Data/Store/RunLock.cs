namespace MlPerfEdu.Data;

/// <summary>Lets one process at a time fill a cache. The lock file stays: removing it would let two others lock two different files of the
/// same name. The system frees the lock when its holder ends, however it ends.</summary>
public static class RunLock
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static async Task<FileStream> TakeAsync(string path, TimeSpan limit, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var waited = TimeSpan.Zero; ; waited += Poll)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (waited >= limit) throw FetchErrors.Busy(path, limit);
            }
            await Task.Delay(Poll, cancel);
        }
    }
}
