using System.Security.Cryptography;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Distributed;

/// <summary>What one rank of a test does: mpirun starts this assembly as a program, with a role and a folder for what each rank found.</summary>
static class RankProgram
{
    public const string Sum = "sum", Bits = "bits", Broadcast = "broadcast", Barrier = "barrier",
        NullReference = "null-reference", WrongRoot = "wrong-root", EndsEarly = "ends-early", NeverJoins = "never-joins";

    public static readonly TimeSpan Meeting = TimeSpan.FromSeconds(20);

    static int Main(string[] arguments)
    {
        var (role, folder) = (arguments[0], arguments[1]);
        var place = RankPlace.From(Environment.GetEnvironmentVariable);
        if (role == NeverJoins && place.Rank == 1)
            Thread.Sleep(Timeout.Infinite);
        try
        {
            var group = MpiGroup.Join(place, Meeting, answer: Meeting);
            File.WriteAllText(Path.Combine(folder, $"{place.Rank}"), Play(role, group, folder));
            group.Leave();
            return 0;
        }
        catch (RunException error)
        {
            Console.Error.WriteLine($"error {error.Code}: {error.Message}");
            return 4;
        }
    }

    static string Play(string role, MpiGroup group, string folder)
    {
        switch (role)
        {
            case Sum:
            {
                using var mine = tensor(new float[] { 1, group.Rank, 10 * group.Rank });
                group.Sum(mine);
                return string.Join(' ', mine.data<float>().ToArray());
            }

            case Bits:
            {
                using var generator = new torch.Generator((ulong)group.Rank);
                using var mine = randn(100_003, generator: generator);
                group.Sum(mine);
                return Convert.ToHexString(SHA256.HashData(mine.bytes));
            }

            case Broadcast:
            {
                using var mine = tensor(new float[] { group.Rank, 7 });
                group.Broadcast(mine, root: 2);
                return string.Join(' ', mine.data<float>().ToArray());
            }

            case Barrier:
                // The last comes late.
                if (group.Rank == group.Size - 1)
                    Thread.Sleep(500);
                File.WriteAllText(Path.Combine(folder, $"came-{group.Rank}"), "");
                group.Barrier();
                return $"{Directory.GetFiles(folder, "came-*").Length}";

            case NullReference:
                try
                {
                    string? nothing = Environment.GetEnvironmentVariable("no such variable");
                    return $"{nothing!.Length}";
                }
                catch (NullReferenceException)
                {
                    return "caught";
                }

            case WrongRoot:
                group.Broadcast(ones(1), root: group.Size);
                return "";

            case EndsEarly:
                group.Barrier();
                if (group.Rank == 1)
                    Environment.Exit(0);
                group.Barrier();
                return "";

            default:
                throw new ArgumentException($"'{role}' is no role.", nameof(role));
        }
    }
}
