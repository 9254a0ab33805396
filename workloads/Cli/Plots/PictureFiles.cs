using System.Text;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Plots;

/// <summary>Pictures of evidence, written beside it.</summary>
static class PictureFiles
{
    /// <summary>Each picture with the path of its file, as the clone knows it.</summary>
    public static List<(Picture Picture, string File)> Write(IReadOnlyList<IRunRecord> records, Session session) =>
    [
        .. EvidencePlots.Of(records, record => ExperimentEvidence.Findings(session.Catalog, record)).Select(picture =>
        {
            var path = Path.Combine(session.Repository.NewEvidenceFolder, $"{picture.Name}.svg");
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(picture.Drawing.Svg()));
            return (picture, session.Repository.Relative(path));
        }),
    ];
}
