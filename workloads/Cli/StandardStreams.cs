using System.Runtime.InteropServices;
using System.Text;

namespace MlPerfEdu.Cli;

/// <summary>The output streams that the shell gave this process. A stream that it closed is one that nobody reads.</summary>
static partial class StandardStreams
{
    const int OutNumber = 1, ErrorNumber = 2;

    public static TextWriter Out => IsGiven(OutNumber) ? Console.Out : TextWriter.Null;

    // On a terminal Spectre has to see the console's own writer, which does not fail there.
    public static TextWriter Error => !IsGiven(ErrorNumber) ? TextWriter.Null
        : Console.IsErrorRedirected ? new Forgiving(Console.Error) : Console.Error;

    // By now the runtime has opened a file of its own under the number of a closed stream, with close-on-exec set.
    static bool IsGiven(int number) =>
        OperatingSystem.IsWindows() || (FileControl(number, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0);

    const int GetFlags = 1, CloseOnExec = 1;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int number, int command);

    /// <summary>Remarks and errors that cannot be written are lost; the command and its exit code are not.</summary>
    sealed class Forgiving(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;
        public override void Write(char value) => Try(() => inner.Write(value));
        public override void Write(string? value) => Try(() => inner.Write(value));
        public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));
        public override void Flush() => Try(inner.Flush);

        static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (IOException)
            {
            }
        }
    }
}
