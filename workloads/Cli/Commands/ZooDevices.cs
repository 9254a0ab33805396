using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>Finds a device by its id; this machine's is measured when it is first asked for.</summary>
static class ZooDevices
{
    public static Device Find(Session session, string id) => id == ThisMachine.Id ? Here(session) : SiliconZoo.BuiltIn[id];

    public static Device Here(Session session)
    {
        var catalog = session.Catalog;
        return ThisMachine.Of(session.Facts, session.Track("peaks", progress => session.Host.Peaks(session.Repository, catalog, false, progress)).Peaks);
    }
}
