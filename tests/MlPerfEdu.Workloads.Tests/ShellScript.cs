namespace MlPerfEdu.Workloads.Tests;

/// <summary>A program of sh in the place of another.</summary>
static class ShellScript
{
    public static void Write(string path, string text)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{text.ReplaceLineEndings("\n")}\n");
#pragma warning disable CA1416 // A script of sh needs a Unix anyway.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
    }
}
