using MlPerfEdu.Data;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary>How often each of a number of things was rated and liked, pulled towards the overall rate where little is known.</summary>
sealed class LikeStatistics(int things)
{
    // Weighs as much as this many ratings of the overall rate.
    const double Prior = 5;

    readonly int[] counts = new int[things], likes = new int[things];
    readonly double[] stars = new double[things], squares = new double[things];
    double overallLikes, overallStars, overallCount;

    public void Add(int thing, Rating rating)
    {
        counts[thing]++;
        stars[thing] += rating.Stars;
        squares[thing] += rating.Stars * rating.Stars;
        overallCount++;
        overallStars += rating.Stars;
        if (!rating.IsLike) return;
        likes[thing]++;
        overallLikes++;
    }

    public double Rate(int thing) => (likes[thing] + Prior * overallLikes / overallCount) / (counts[thing] + Prior);

    public double MeanStars(int thing) => (stars[thing] + Prior * overallStars / overallCount) / (counts[thing] + Prior);

    public double StarSpread(int thing)
    {
        if (counts[thing] == 0) return 0;
        var mean = stars[thing] / counts[thing];
        return Math.Sqrt(Math.Max(0, squares[thing] / counts[thing] - mean * mean));
    }

    public double LogCount(int thing) => Math.Log(1 + counts[thing]);
}
