using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>One step under the recorder, compared with the structural count.</summary>
sealed record StepRecording(long? Calls, string Outcome)
{
    public static StepRecording Of(IOperatorRecorder recorder, IRunningStep running)
    {
        if ((running.Unrecorded ?? recorder.Unavailable) is { } why)
            return new StepRecording(null, why);
        var recorded = recorder.Record(running.Step);
        var differences = RecordedCount.Differences(running.Count, recorded);
        return new StepRecording(
            recorded.Sum(row => row.OutermostCalls),
            differences.Count == 0
                ? StepMeasurement.RecordingAgrees
                : $"recorded and structural count differ: {string.Join("; ", differences)}");
    }
}
