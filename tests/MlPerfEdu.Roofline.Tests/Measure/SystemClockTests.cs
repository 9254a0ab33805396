using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Tests.Measure;

public class SystemClockTests
{
    [Fact]
    public void The_second_number_of_every_thread_is_nanoseconds_in_the_queue()
    {
        using var tasks = new TempFolder();
        Schedstat("101", "4000000000 2500000000 17\n");
        Schedstat("102", "9000000000 500000000 3\n");
        Schedstat("103", "7000000000 1000000000");
        Schedstat("104", "0");
        // It ended after it was listed.
        Directory.CreateDirectory(tasks.File("105"));

        Assert.Equal(4, SystemClock.Queued(tasks.Path), 9);

        void Schedstat(string task, string text) =>
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(tasks.File(task)).FullName, "schedstat"), text);
    }

    [Fact]
    public void Linux_says_how_long_threads_wait_and_others_do_not() =>
        Assert.Equal(OperatingSystem.IsLinux(), new SystemClock().QueuedSeconds is not null);

    [Fact]
    public void Seconds_go_on_as_fast_as_the_systems()
    {
        var clock = new SystemClock();
        // The system's clock is read outside and inside of the two readings, so that a pause between them only widens the limits.
        var outer = Environment.TickCount64;
        var began = clock.Seconds;
        var inner = Environment.TickCount64;
        Thread.Sleep(100);
        inner = Environment.TickCount64 - inner;
        var seconds = clock.Seconds - began;
        outer = Environment.TickCount64 - outer;

        Assert.InRange(seconds, inner / 2e3, 2 * outer / 1e3);
    }
}
