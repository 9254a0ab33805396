using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Evidence;

public sealed record MachineRecord(string Class, string Fingerprint, MachineFacts Facts)
{
    public static MachineRecord Of(MachineFacts facts) => new(MachineClass.Of(facts), Detect.Fingerprint.Of(facts), facts);
}
