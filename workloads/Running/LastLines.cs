namespace MlPerfEdu.Workloads.Running;

/// <summary>What a child process wrote last, for the message that tells of its end. Lines come from a thread of their own.</summary>
sealed class LastLines(int most)
{
    readonly Queue<string> lines = new();

    /// <param name="line">Absent at the end of the stream.</param>
    public void Add(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > most)
                lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (lines)
            return string.Join('\n', lines);
    }
}
