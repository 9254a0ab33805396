namespace MlPerfEdu.Build.Tests;

/// <summary>Which Verify the first build of a clean clone gets, by the feeds that it finds, and that nothing is left to do after it.</summary>
[Trait("Tier", "long")]
public sealed class VerifyChoiceTests : IDisposable
{
    readonly VerifyClone clone = new();

    public void Dispose() => clone.Dispose();

    [Fact]
    public void A_feed_with_the_whole_package_gives_the_package()
    {
        clone.UseFeeds(Complete());
        Builds("Verify from nuget (the feeds have all of Verify.Xunit 31.12.5)", (StandIn: false, Package: true));
        FindsUnusedSnapshots();
    }

    [Fact]
    public void A_feed_without_a_part_of_it_gives_the_stand_in_until_asked_again()
    {
        var feed = clone.Folder("sparse");
        Feed.AddVerifyXunit(feed);
        clone.UseFeeds(feed);
        var first = Builds("Verify from system (no feed has all of Verify.Xunit 31.12.5)", (StandIn: true, Package: false));
        Assert.DoesNotContain("warning MLP", first.Output, StringComparison.Ordinal);
        FindsUnusedSnapshots();

        Feed.AddVerify(feed);
        Assert.Contains("Verify from system", clone.Build().MustSucceed().Output, StringComparison.Ordinal);
        Builds("Verify from nuget (the feeds have", (StandIn: true, Package: true), "-p:VerifyProvider=auto");
    }

    [Fact]
    public void A_broken_feed_does_not_hide_the_package_of_a_good_one()
    {
        clone.UseFeeds(clone.Folder("none"), Complete());
        Builds("Verify from nuget", (StandIn: false, Package: true));
    }

    [Fact]
    public void Where_a_broken_feed_may_have_it_the_stand_in_is_taken_and_the_reason_told()
    {
        var feed = clone.Folder("sparse");
        Feed.AddVerifyXunit(feed);
        clone.UseFeeds("http://127.0.0.1:1/index.json", feed);
        var first = Builds("Verify from system (the feeds did not all answer)", (StandIn: true, Package: false));
        var warning = Assert.Single(first.Lines.Where(line => line.Contains("warning MLP0955", StringComparison.Ordinal)).Distinct());
        Assert.Contains("NU1801: Unable to load the service index for source http://127.0.0.1:1/index.json. Expected", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("NU1101", warning, StringComparison.Ordinal);
    }

    string Complete()
    {
        var feed = clone.Folder("complete");
        Feed.AddVerify(feed);
        Feed.AddVerifyXunit(feed);
        return feed;
    }

    Transcript Builds(string choice, (bool StandIn, bool Package) used, params string[] arguments)
    {
        var first = clone.Build(arguments).MustSucceed();
        Assert.Single(first.Lines, line => line.Contains("MlPerfEdu: Verify from", StringComparison.Ordinal));
        Assert.Contains(choice, first.Output, StringComparison.Ordinal);
        Assert.Equal(used, clone.Used);
        clone.Build("-question").MustSucceed();
        return first;
    }

    void FindsUnusedSnapshots()
    {
        clone.Test().MustSucceed();
        clone.Write("tests/Small/GoneTests.Compared.verified.txt", "text");
        var transcript = clone.Test().MustFail();
        Assert.Contains("MLP0956: Found snapshots", transcript.Output, StringComparison.Ordinal);
        Assert.Contains(" * GoneTests.Compared.verified.txt", transcript.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SmallTests.Compares.verified", transcript.Output, StringComparison.Ordinal);
        // One test of two ran, and the check itself.
        clone.Test("--filter", "FullyQualifiedName!~Compares").MustSucceed();
    }
}
