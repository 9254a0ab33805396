using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Progress;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>One command at work: where it writes, and the files it reads, each read when first asked for.</summary>
sealed class Session
{
    readonly bool _json;
    readonly Lazy<Repository> _repository;
    readonly Lazy<WorkloadCatalog> _catalog;
    readonly Lazy<DataStore> _data;
    readonly Lazy<MachineFacts> _facts;

    public Session(Host host, bool json)
    {
        Host = host;
        _json = json;
        _repository = new(host.FindRepository);
        _catalog = new(ReadCatalog);
        _data = new(() => DataStore.Open(DataEnvironment.From(host.Variable), stop: host.Stop));
        _facts = new(host.Facts);
        Log = host.ErrorScreen;
    }

    public Host Host { get; }

    /// <summary>For progress and remarks; never the answer.</summary>
    public Screen Log { get; }

    public Repository Repository => _repository.Value;

    public WorkloadCatalog Catalog => _catalog.Value;

    public MachineFacts Facts => _facts.Value;

    public string MachineClass => Roofline.Detect.MachineClass.Of(Facts);

    public DataStore Data => _data.Value;

    /// <summary>Writes the answer: the document for a machine, or what <paramref name="people"/> draws for a person.</summary>
    public void Answer<T>(T document, Action<Screen> people)
    {
        if (_json)
            Host.Out.Write(JsonOutput.Text(document));
        else
            people(Host.OutScreen);
    }

    /// <summary>Does long work while telling how far it is.</summary>
    public T Track<T>(string title, Func<IRunProgress, T> work) => Log.IsPlain
        ? work(new Reporter(new PlainView(Log, title, Host.Clock), Host.Clock, Host.Stop))
        : TerminalView.Track(Log.Console, title, Host.Clock, view => work(new Reporter(view, Host.Clock, Host.Stop)));

    public CatalogEntry Entry(string id) =>
        Catalog.Find(id) ?? throw CliErrors.UnknownWorkload(id, Catalog.Entries.Select(entry => entry.Id));

    public ModelEntry Workload(string id) =>
        Entry(id) as ModelEntry ?? throw CliErrors.NotAWorkload(id, Catalog.Models.Select(entry => entry.Id));

    public IReadOnlyList<CatalogEntry> Suite(string suite)
    {
        List<CatalogEntry> entries = [.. Catalog.InSuite(suite)];
        return entries.Count > 0 ? entries : throw CliErrors.UnknownSuite(suite, Catalog.Entries.Select(entry => entry.Suite).Distinct());
    }

    public DataSetEntry DataSet(string id) => Data.Catalog.Contains(id)
        ? Data.Catalog[id]
        : throw CliErrors.UnknownDataSet(id, Data.Catalog.Entries.Select(entry => entry.Id));

    WorkloadCatalog ReadCatalog()
    {
        var read = WorkloadCatalogReader.Read(Repository.WorkloadsYaml);
        return read.Catalog ?? throw CliErrors.CatalogInvalid(read.Diagnostics);
    }
}
