using System.ComponentModel;
using System.Diagnostics;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public sealed class SourceReaderTests : IDisposable
{
    static readonly string Commit = new('a', 40);

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_loose_branch()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/refs/heads/main", Commit + "\n");

        Assert.Equal(Commit, SourceReader.Read(folder.Path).Commit);
    }

    [Fact]
    public void A_packed_branch_seen_from_a_folder_below()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/packed-refs", $"# pack-refs with: peeled\n{new string('b', 40)} refs/heads/other\n{Commit} refs/heads/main\n");
        Directory.CreateDirectory(folder.File("a/b"));

        Assert.Equal(Commit, SourceReader.Read(folder.File("a/b")).Commit);
    }

    [Fact]
    public void A_detached_head()
    {
        Write(".git/HEAD", Commit + "\n");

        Assert.Equal(Commit, SourceReader.Read(folder.Path).Commit);
    }

    [Fact]
    public void A_worktree_shares_its_branches_with_the_clone()
    {
        Write("clone/.git/refs/heads/side", Commit + "\n");
        Write("clone/.git/worktrees/side/HEAD", "ref: refs/heads/side\n");
        Write("clone/.git/worktrees/side/commondir", "../..\n");
        Write("tree/.git", $"gitdir: {folder.File("clone/.git/worktrees/side")}\n");

        Assert.Equal(Commit, SourceReader.Read(folder.File("tree")).Commit);
    }

    [Fact]
    public void Nothing_sensible_is_unknown()
    {
        Write(".git/HEAD", "ref: refs/heads/unborn\n");

        Assert.Equal(SourceState.Unknown, SourceReader.Read(folder.Path));
    }

    [Fact]
    public void A_real_clone_tells_whether_tracked_files_changed()
    {
        if (!Git("init", "-q"))
            return;
        Write("tracked", "one");
        Git("add", "tracked");
        Git("-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "m");
        var clean = SourceReader.Read(folder.Path);
        Write("untracked", "two");
        var untracked = SourceReader.Read(folder.Path);
        Write("tracked", "two");

        Assert.Equal((40, false), (clean.Commit.Length, clean.Dirty));
        Assert.Equal(clean, untracked);
        Assert.Equal(clean with { Dirty = true }, SourceReader.Read(folder.Path));
    }

    // False where git is not installed.
    bool Git(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", ["-C", folder.Path, .. arguments]))!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), text);
    }
}
