namespace MlPerfEdu.Roofline.Torch;

/// <summary>How many threads operators use: OMP_NUM_THREADS, else the physical cores that this process may run on.</summary>
internal static class ThreadCount
{
    internal static int ForThisProcess()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var wanted) && wanted > 0) return wanted;
        var available = Environment.ProcessorCount;
        return Math.Clamp(PhysicalCores() ?? available, 1, available);
    }

    /// <summary>Two logical processors of one core share its arithmetic units and are one here.</summary>
    private static int? PhysicalCores()
    {
        const string processors = "/sys/devices/system/cpu";
        try
        {
            var siblings = Directory.EnumerateDirectories(processors, "cpu*")
                .Select(folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return siblings > 0 ? siblings : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
