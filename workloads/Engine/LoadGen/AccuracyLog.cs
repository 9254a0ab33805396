using System.Globalization;
using System.Text;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.LoadGen;

/// <summary>Asks a system every sample once, and writes its answers as LoadGen's accuracy mode does (mlperf_log_accuracy.json).</summary>
public static class AccuracyLog
{
    public const string File = "mlperf_log_accuracy.json";

    /// <param name="progress">Gets the samples answered so far.</param>
    public static string Of(LoadSettings settings, IBatchingSystem system, ITellsAnswers told, Action<int> progress, CancellationToken stop)
    {
        int[] samples = [.. new SampleOrder(settings).Accuracy()];
        var (answers, done) = (new string?[samples.Length], 0);
        foreach (var (place, sample) in samples.Index())
            system.Submit(sample, () => { }, () => (answers[place], done) = (Convert.ToHexString(told.LastAnswer), done + 1));
        while (done < samples.Length)
        {
            stop.ThrowIfCancellationRequested();
            progress(done);
            system.Step();
        }

        var text = new StringBuilder("[\n");
        foreach (var (place, answer) in answers.Index())
            text.Append(CultureInfo.InvariantCulture, $"{{ \"seq_id\" : {place}, \"qsl_idx\" : {samples[place]}, \"data\" : \"{answer}\" }}{(place + 1 < answers.Length ? ",\n" : "\n")}");
        return text.Append("]\n").ToString();
    }
}
