using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Tests;

public class RunErrorsTests
{
    [Fact]
    public void Each_says_what_was_found_what_was_expected_and_what_to_do() => Assert.All(
        [
            RunErrors.NoImplementation("some-train", "ITrainingWorkload"),
            RunErrors.NoData("some-train", ["mnist: not here"]),
            RunErrors.UnknownDataset("some-train", "mnits", ["mnist"]),
            RunErrors.LossNotFinite("some-train", 3, float.NaN),
            RunErrors.MissingMetric("some-train", "auroc", ["accuracy"]),
            RunErrors.NoRoom("folder", "no room", "4 MB"),
            RunErrors.NoBf16("some-train", ["other-train"]),
            RunErrors.NoClosedRecipe("some-train"),
            RunErrors.NoWeights("some-train", 1),
        ],
        error => Assert.Matches("^found .+ → expected .+ → .+[.]$", error.Message));
}
