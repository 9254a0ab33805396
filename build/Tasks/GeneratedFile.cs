using System.Text;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Tasks;

static class GeneratedFile
{
    /// <summary>Writes beside and renames: a killed build leaves the old file or the new one. Answers what went wrong, or null.</summary>
    /// <remarks>It writes even when nothing changed: a file that stays older than its inputs would be made again in every build.</remarks>
    public static Diagnostic? Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var beside = path + ".new";
            File.WriteAllText(beside, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(beside, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("MLP0081", path, 0, 0,
                $"Found no way to write this file: {e.Message} Expected a writable folder. Correct its permissions or free some space.");
        }
    }
}
