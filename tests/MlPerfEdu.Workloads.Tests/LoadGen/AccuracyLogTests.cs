using System.Text.Json;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

public class AccuracyLogTests
{
    /// <summary>Seq ids follow the order of asking, whoever is answered first.</summary>
    [Fact]
    public void Each_sample_has_its_answer_in_upper_case_hex()
    {
        var settings = Loads.Of(LoadScenario.Offline) with { Samples = 20 };
        var system = new LastFirst();
        var text = AccuracyLog.Of(settings, system, system, _ => { }, default);
        var order = new SampleOrder(settings).Set;
        Assert.StartsWith($"[\n{{ \"seq_id\" : 0, \"qsl_idx\" : {order[0]}, \"data\" : \"AB{order[0]:X2}\" }},\n", text);
        var entries = JsonDocument.Parse(text).RootElement.EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, 20), entries.Select(entry => entry.GetProperty("seq_id").GetInt32()));
        Assert.Equal(order, entries.Select(entry => entry.GetProperty("qsl_idx").GetInt32()));
        Assert.All(entries, entry => Assert.Equal($"AB{entry.GetProperty("qsl_idx").GetInt32():X2}", entry.GetProperty("data").GetString()));
    }

    sealed class LastFirst : IBatchingSystem, ITellsAnswers
    {
        readonly Stack<(int Sample, Action Answered)> open = new();

        public byte[] LastAnswer { get; private set; } = [];

        public void Submit(int sample, Action tokenReady, Action answered) => open.Push((sample, answered));

        public void Step()
        {
            var (sample, answered) = open.Pop();
            LastAnswer = [0xAB, (byte)sample];
            answered();
        }
    }
}
